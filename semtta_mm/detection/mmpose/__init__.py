from .detector import DEFAULT_CONFIG, MMPoseDetector
from .people import DetectorBoxes, PeopleFinder, WholeImage

__all__ = [
    'DEFAULT_CONFIG',
    'DetectorBoxes',
    'MMPoseDetector',
    'PeopleFinder',
    'WholeImage',
]
