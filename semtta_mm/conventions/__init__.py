from .keypoints import (
    CONVENTIONS,
    DERIVED,
    convert_keypoints,
    flip_index,
    keypoint_index,
    keypoint_names,
)
from .smpl import NUM_BETAS, NUM_JOINTS, SMPL_JOINTS, SMPL_PARENTS

__all__ = [
    'CONVENTIONS',
    'DERIVED',
    'NUM_BETAS',
    'NUM_JOINTS',
    'SMPL_JOINTS',
    'SMPL_PARENTS',
    'convert_keypoints',
    'flip_index',
    'keypoint_index',
    'keypoint_names',
]
