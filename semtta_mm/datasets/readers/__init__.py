from .base import TrackReader
from .coco import CocoJsonReader
from .human_data import HumanDataReader
from .mmpose import MMPoseReader
from .npz import NpzTrackReader
from .openpose import OpenPoseReader
from .threedpw import ThreeDPWReader

__all__ = [
    'CocoJsonReader',
    'HumanDataReader',
    'MMPoseReader',
    'NpzTrackReader',
    'OpenPoseReader',
    'ThreeDPWReader',
    'TrackReader',
]
