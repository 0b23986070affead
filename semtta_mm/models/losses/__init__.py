from ..adaptors.alignment import motion_text_similarity, with_root
from .calibrated_align_loss import CalibratedAlignLoss, calibrated_gap
from .full_labels import (
    CameraScaleLoss,
    FullLabelLoss,
)
from .gravity_prior import GravityPrior, gravity_gap, up_in_body
from .keypoint_2d_loss import Keypoint2DLoss, keypoint_2d_l1
from .lifted_pose_loss import LiftedPoseLoss
from .motion_adversarial_loss import MotionAdversarialLoss
from .motion_text_align_loss import MotionTextAlignLoss
from .online_losses import (
    DisplacementLoss,
    NormalizedKeypointLoss,
    ShapePriorLoss,
    SourceLabelLoss,
    TeacherLoss,
)
from .residual_loss import ResidualLoss, residual_energy
from .smooth_loss import SmoothLoss, masked_l1
from .unpaired_pose_loss import UnpairedPoseLoss, local_pose_l1

__all__ = [
    'CalibratedAlignLoss',
    'CameraScaleLoss',
    'DisplacementLoss',
    'FullLabelLoss',
    'GravityPrior',
    'Keypoint2DLoss',
    'LiftedPoseLoss',
    'MotionAdversarialLoss',
    'MotionTextAlignLoss',
    'NormalizedKeypointLoss',
    'ResidualLoss',
    'ShapePriorLoss',
    'SmoothLoss',
    'SourceLabelLoss',
    'TeacherLoss',
    'UnpairedPoseLoss',
    'calibrated_gap',
    'gravity_gap',
    'keypoint_2d_l1',
    'local_pose_l1',
    'masked_l1',
    'motion_text_similarity',
    'residual_energy',
    'up_in_body',
    'with_root',
]
