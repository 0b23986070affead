from ..structures import Detection
from .cover_sampler import CoverSampler
from .crop_store import CropRequest, CropStore, decode_crops
from .detections import Recording, TrackingOptions
from .evidence import EvidencePolicy
from .frame_selection import FrameSelection
from .human_data_write import write_human_data
from .pose2sim_tracks import Pose2SimTracks, load_blazepose_3d, load_pose2sim
from .rates import contiguous_runs, resample_track
from .readers import (
    CocoJsonReader,
    DatasetReader,
    EgoBodyReader,
    Human36MReader,
    HumanDataReader,
    MMPoseReader,
    NpzTrackReader,
    OpenPoseReader,
    TestSetReader,
    ThreeDHPReader,
    ThreeDPWReader,
    TrackReader,
    guess_reader,
)
from .source_bank import SourceBank, SourceBankFile, TrackSource
from .track_dataset import TrackDataset, check_names, read_tracks
from .track_frames import TrackFrames
from .track_io import load_track, save_track
from .video import VideoInfo, read_frames, video_info

__all__ = [
    'CocoJsonReader',
    'CoverSampler',
    'CropRequest',
    'CropStore',
    'DatasetReader',
    'Detection',
    'EgoBodyReader',
    'EvidencePolicy',
    'FrameSelection',
    'Human36MReader',
    'HumanDataReader',
    'MMPoseReader',
    'NpzTrackReader',
    'OpenPoseReader',
    'Pose2SimTracks',
    'Recording',
    'SourceBank',
    'SourceBankFile',
    'TestSetReader',
    'ThreeDHPReader',
    'ThreeDPWReader',
    'TrackDataset',
    'TrackFrames',
    'TrackReader',
    'TrackSource',
    'TrackingOptions',
    'VideoInfo',
    'check_names',
    'contiguous_runs',
    'decode_crops',
    'guess_reader',
    'load_blazepose_3d',
    'load_pose2sim',
    'load_track',
    'read_frames',
    'read_tracks',
    'resample_track',
    'save_track',
    'video_info',
    'write_human_data',
]
