from .detector import VARIANTS, BlazePoseDetector

__all__ = ['VARIANTS', 'BlazePoseDetector']
