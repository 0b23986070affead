from .action_windows import ActionWindowDataset
from .crop_dataset import ARRAYS as CROP_ARRAYS
from .crop_dataset import CropDataset
from .crop_features import CropFeatureDataset
from .image_degradation import DegradeImage
from .motion_clip import MotionClip, mirror_pose, slerp_pose
from .motion_set import read_motion_set
from .motion_windows import MotionWindowDataset
from .pose_crops import PoseCropDataset
from .pose_noise import PoseNoise

__all__ = [
    'CROP_ARRAYS',
    'ActionWindowDataset',
    'CropDataset',
    'CropFeatureDataset',
    'DegradeImage',
    'MotionClip',
    'MotionWindowDataset',
    'PoseCropDataset',
    'PoseNoise',
    'mirror_pose',
    'read_motion_set',
    'slerp_pose',
]
