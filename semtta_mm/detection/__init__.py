from .base import Detector2D, Progress
from .blazepose import BlazePoseDetector
from .cache import cache_key, detect_cached, load_result, save_result
from .mmpose import MMPoseDetector
from .monocular import DetectorMonocular, ShippedMonocular
from .openpose import write_openpose_json
from .people import (
    MoveNetPersonDetector,
    PeopleReader,
    Person,
    PersonDetector,
    find_people,
)
from .reader import DetectionReader
from .result import DetectionResult
from .video import detect_video

__all__ = [
    'BlazePoseDetector',
    'DetectionReader',
    'DetectionResult',
    'DetectorMonocular',
    'Detector2D',
    'MMPoseDetector',
    'MoveNetPersonDetector',
    'PeopleReader',
    'Person',
    'PersonDetector',
    'Progress',
    'cache_key',
    'detect_cached',
    'detect_video',
    'find_people',
    'load_result',
    'save_result',
    'ShippedMonocular',
    'write_openpose_json',
]
