"""Pose prior of a fit to a few joints: angles and hinge axes.

All terms are pure functions of rotation matrices, relative to the parent.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ...conventions import SMPL_JOINTS

FREE = 2.0
"""rad: hips, knees, shoulders, elbows; the points determine them."""
_SPREAD = {
    'spine': 0.3,
    'neck': 0.3,
    'head': 0.3,
    'collar': 0.2,
    'ankle': 0.4,
    'foot': 0.1,
    'wrist': 0.2,
    'hand': 0.1,
}
"""rad: usual angle from the rest pose, by part of a joint's name."""
HINGE_SPREAD = 0.3
"""rad: usual deviation of a knee or an elbow from its hinge axis."""


def angle_spread() -> Tensor:
    """Usual angle of joints 1 to 23 from the rest pose ``[23]``, rad."""
    return torch.tensor([_spread(name) for name in SMPL_JOINTS[1:]])


def _spread(joint: str) -> float:
    return next((v for k, v in _SPREAD.items() if k in joint), FREE)


def squared_turn(rotation: Tensor) -> Tensor:
    """Squared angle of rotations, for small ones; smooth for all.

    ``3 - tr R = 2 (1 - cos a)``, about ``a**2``.

    Args:
        rotation: ``[..., 3, 3]``.

    Returns:
        ``[...]``, rad^2.
    """
    return 3 - rotation.diagonal(dim1=-2, dim2=-1).sum(-1)


def off_hinge(rotation: Tensor, axis: int) -> Tensor:
    """Squared deviation of a hinge's axis, without hyperextension.

    Args:
        rotation: ``[..., 3, 3]``.
        axis: Index of the hinge's axis: 0, 1 or 2.

    Returns:
        ``[...]``, rad^2 for small angles; 0 for a rotation about the axis.
    """
    return 2 * (1 - rotation[..., axis, axis])


def pose_penalty(body_pose: Tensor) -> Tensor:
    """Negative log of a prior on poses, in squared standard deviations.

    Angles are divided by :func:`angle_spread`; knees rotate about x and
    elbows about y (rest pose: T, x to the left, y up), and neither bends
    backwards.

    Args:
        body_pose: Rotations of joints 1 to 23 ``[T, 23, 3, 3]``.

    Returns:
        ``[T]``.
    """
    spread = angle_spread().to(body_pose)
    turn = (squared_turn(body_pose) / spread.square()).sum(-1)
    return turn + _hinge_penalty(body_pose) / HINGE_SPREAD**2


def _hinge_penalty(body_pose: Tensor) -> Tensor:
    # The sine of the angle about the axis, positive for bending.
    hinges = (
        ('left_knee', 0, 1),
        ('right_knee', 0, 1),
        ('left_elbow', 1, -1),
        ('right_elbow', 1, 1),
    )
    total = body_pose.new_zeros(len(body_pose))
    for joint, axis, sign in hinges:
        rotation = body_pose[:, SMPL_JOINTS.index(joint) - 1]
        first, second = (axis + 1) % 3, (axis + 2) % 3
        sine = sign * rotation[:, second, first]
        total = total + off_hinge(rotation, axis) + sine.clamp(max=0).square()
    return total
