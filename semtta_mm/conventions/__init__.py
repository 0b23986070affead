from .human_data import HUMAN_DATA_ALTERNATES, human_data_slots
from .keypoints import (
    CONVENTIONS,
    DERIVED,
    convert_keypoints,
    flip_index,
    keypoint_index,
    keypoint_names,
)
from .smpl import (
    NUM_BETAS,
    NUM_JOINTS,
    SMPL_JOINTS,
    SMPL_PARENTS,
    limb_joints,
)

__all__ = [
    'CONVENTIONS',
    'DERIVED',
    'HUMAN_DATA_ALTERNATES',
    'NUM_BETAS',
    'NUM_JOINTS',
    'SMPL_JOINTS',
    'SMPL_PARENTS',
    'convert_keypoints',
    'flip_index',
    'human_data_slots',
    'keypoint_index',
    'keypoint_names',
    'limb_joints',
]
