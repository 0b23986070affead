"""The SMPL skeleton: 24 joints in kinematic order."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

SMPL_JOINTS: tuple[str, ...] = (
    'pelvis',
    'left_hip',
    'right_hip',
    'spine_1',
    'left_knee',
    'right_knee',
    'spine_2',
    'left_ankle',
    'right_ankle',
    'spine_3',
    'left_foot',
    'right_foot',
    'neck',
    'left_collar',
    'right_collar',
    'head',
    'left_shoulder',
    'right_shoulder',
    'left_elbow',
    'right_elbow',
    'left_wrist',
    'right_wrist',
    'left_hand',
    'right_hand',
)

SMPL_PARENTS: tuple[int, ...] = (
    -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8,
    9, 9, 9, 12, 13, 14, 16, 17, 18, 19, 20, 21,
)  # fmt: skip

NUM_JOINTS = len(SMPL_JOINTS)
NUM_BETAS = 10

_LIMB_WORDS: tuple[tuple[str, ...], ...] = (
    ('spine', 'neck', 'head'),
    ('left_collar', 'left_shoulder', 'left_elbow', 'left_wrist', 'left_hand'),
    (
        'right_collar',
        'right_shoulder',
        'right_elbow',
        'right_wrist',
        'right_hand',
    ),
    ('left_hip', 'left_knee', 'left_ankle', 'left_foot'),
    ('right_hip', 'right_knee', 'right_ankle', 'right_foot'),
)


def limb_joints() -> list[NDArray[Any]]:
    """SMPL joints of trunk, arms and legs, each ``[N]``."""
    return [
        np.array([i for i, n in enumerate(SMPL_JOINTS) if n.startswith(words)])
        for words in _LIMB_WORDS
    ]
