from .base import TrackReader
from .coco import CocoJsonReader
from .dataset import DatasetReader, Published
from .egobody import EgoBodyReader
from .guess import guess_reader
from .human36m import Human36MReader
from .human_data import HumanDataReader
from .mmpose import MMPoseReader
from .npz import NpzTrackReader
from .openpose import OpenPoseReader
from .test_set import TestSetReader
from .threedhp import ThreeDHPReader
from .threedpw import ThreeDPWReader

__all__ = [
    'CocoJsonReader',
    'DatasetReader',
    'EgoBodyReader',
    'Human36MReader',
    'HumanDataReader',
    'MMPoseReader',
    'NpzTrackReader',
    'OpenPoseReader',
    'Published',
    'TestSetReader',
    'ThreeDHPReader',
    'ThreeDPWReader',
    'TrackReader',
    'guess_reader',
]
