from .base import Detector2D, Progress
from .blazepose import BlazePoseDetector
from .cache import cache_key, detect_cached, load_result, save_result
from .openpose import write_openpose_json
from .result import DetectionResult

__all__ = [
    'BlazePoseDetector',
    'DetectionResult',
    'Detector2D',
    'Progress',
    'cache_key',
    'detect_cached',
    'load_result',
    'save_result',
    'write_openpose_json',
]
