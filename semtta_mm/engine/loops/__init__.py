from .online_adapt_loop import OnlineAdaptLoop
from .video_adapt_loop import VideoAdaptLoop

__all__ = ['OnlineAdaptLoop', 'VideoAdaptLoop']
