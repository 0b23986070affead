"""Joints as pictures, for MotionPatches (Yu et al., CVPR 2024, Sec. 3.1).

Each chain of joints is stretched to 16 columns, five chains stand side by
side, and rows are frames at 20 fps: coordinates are the colours. Everything
is linear or smooth, so gradients reach the joints. The order of chains and
the half-pixel interpolation are those of the public code's data set.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ...conventions import SMPL_JOINTS

COUNT = 22
"""Joints of HumanML3D: SMPL's without the hands."""

WIDTH = 16
"""Columns of a chain, and side of a patch."""

FPS = 20.0
"""Rate of HumanML3D, Hz."""

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
    """How columns mix joints ``[80, 22]``; rows sum to 1."""
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


def sample_points(points: Tensor, at: Tensor) -> Tensor:
    """Points between frames.

    Args:
        points: ``[B, T, J, 3]``.
        at: Positions ``[N]`` in 0 to T - 1.

    Returns:
        ``[B, N, J, 3]``.
    """
    low = at.floor().long()
    high = (low + 1).clamp(max=points.shape[1] - 1)
    share = (at - low).to(points)[:, None, None]
    return torch.lerp(points[:, low], points[:, high], share)


def stand_and_face(joints: Tensor, mask: Tensor) -> Tensor:
    """HumanML3D's frame: on the floor, starting at the origin, facing z.

    Args:
        joints: ``[B, T, 22, 3]``, m, y up.
        mask: Frames that are there ``[B, T]``, bool; the first ones.

    Returns:
        ``[B, T, 22, 3]``, m.
    """
    height = joints[..., 1].masked_fill(~mask[..., None], float('inf'))
    floor = height.flatten(1).amin(1)
    start = joints[:, 0, 0]
    origin = torch.stack((start[:, 0], floor, start[:, 2]), dim=-1)
    centred = joints - origin[:, None, None]
    return centred @ _to_front(joints[:, 0])[:, None].mT


def _to_front(joints: Tensor) -> Tensor:
    """Turns about y that make bodies ``[B, 22, 3]`` face z ``[B, 3, 3]``."""
    at = {name: joints[:, SMPL_JOINTS.index(name)] for name in _SIDES}
    across = at['right_hip'] - at['left_hip']
    across = across + at['right_shoulder'] - at['left_shoulder']
    # Forward is y cross that, on the floor.
    forward = torch.stack((across[:, 2], -across[:, 0]), dim=-1)
    x, z = nn.functional.normalize(forward, dim=-1).unbind(-1)
    zero, one = torch.zeros_like(x), torch.ones_like(x)
    rows = (z, zero, -x, zero, one, zero, x, zero, z)
    return torch.stack(rows, dim=-1).unflatten(-1, (3, 3))


_SIDES = ('right_hip', 'left_hip', 'right_shoulder', 'left_shoulder')
