"""Joints as images, for MotionPatches (Yu et al., CVPR 2024, Sec. 3.1).

Each chain of joints is resized to 16 columns. Five chains are side by side,
rows are frames at 20 fps, and coordinates are the channels. The order of
chains and the half-pixel interpolation are those of the public code.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ...conventions import SMPL_JOINTS
from .posed_joints import COUNT

WIDTH = 16
"""Columns of a chain, and side of a patch."""

CHAINS = (
    ('pelvis', 'right_hip', 'right_knee', 'right_ankle', 'right_foot'),
    ('pelvis', 'left_hip', 'left_knee', 'left_ankle', 'left_foot'),
    ('pelvis', 'spine_1', 'spine_2', 'spine_3', 'neck', 'head'),
    (
        'spine_3',
        'right_collar',
        'right_shoulder',
        'right_elbow',
        'right_wrist',
    ),
    ('spine_3', 'left_collar', 'left_shoulder', 'left_elbow', 'left_wrist'),
)


def chain_matrix() -> Tensor:
    """Weights of joints in each column ``[80, 22]``; rows sum to 1."""
    parts = []
    for chain in CHAINS:
        one_hot = torch.zeros(len(chain), COUNT)
        for row, name in enumerate(chain):
            one_hot[row, SMPL_JOINTS.index(name)] = 1
        parts.append(
            nn.functional.interpolate(
                one_hot.T[None], size=WIDTH, mode='linear'
            )[0].T
        )
    return torch.cat(parts)
