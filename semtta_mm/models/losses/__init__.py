from ..adaptors.alignment import motion_text_similarity, with_root
from .keypoint_2d_loss import Keypoint2DLoss, keypoint_2d_l1
from .lifted_pose_loss import LiftedPoseLoss
from .motion_text_align_loss import MotionTextAlignLoss
from .smooth_loss import SmoothLoss, masked_l1

__all__ = [
    'Keypoint2DLoss',
    'LiftedPoseLoss',
    'MotionTextAlignLoss',
    'SmoothLoss',
    'keypoint_2d_l1',
    'masked_l1',
    'motion_text_similarity',
    'with_root',
]
