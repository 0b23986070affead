from .video_adapt_loop import VideoAdaptLoop

__all__ = ['VideoAdaptLoop']
