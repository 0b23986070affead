"""Motions beyond those of the training set.

Training has few captures of most labels, so a lifter could recognise the
capture instead of reading the keypoints. Limbs of other windows and turned
joints make motions that no text and no memory determines.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ....conventions import NUM_JOINTS, limb_joints
from ....datasets.segments import UNKNOWN
from ....geometry import axis_angle_to_matrix
from .detections import correlated_noise

_CONSTANT, _SLOW = 0.4, 0.2
"""Largest standard deviations of turns per axis, radians."""


def vary_motions(
    pose: Tensor,
    mask: Tensor,
    label: Tensor,
    mixed: float,
    turned: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """Replace some windows by variations of them.

    Args:
        pose: Rotation matrices ``[B, T, 24, 3, 3]``.
        mask: Valid frames ``[B, T]``, bool.
        label: Rows of the dictionary ``[B]``.
        mixed: Share of windows whose trunk, arms and legs are from several
            windows; their label is unknown.
        turned: Share of windows with turned joints; they keep their label.

    Returns:
        ``pose``, ``mask`` and ``label``.
    """
    pose, mask, label = _mix(pose, mask, label, mixed)
    turns = axis_angle_to_matrix(_turns(pose))
    some = torch.rand(len(pose), device=pose.device) < turned
    pose = torch.where(some[:, None, None, None, None], pose @ turns, pose)
    return pose, mask, label


def replace_texts(label: Tensor, count: int, share: float) -> Tensor:
    """Give some windows the text of any label.

    Args:
        label: Rows of the dictionary ``[B]``; negative ones stay.
        count: Rows of the dictionary.
        share: Of windows with a drawn label.
    """
    drawn = torch.randint(count, label.shape, device=label.device)
    wrong = torch.rand(len(label), device=label.device) < share
    return torch.where(wrong & (label >= 0), drawn, label)


def _mix(
    pose: Tensor, mask: Tensor, label: Tensor, share: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Limbs of other windows, as far as all of them have frames."""
    some = torch.rand(len(pose), device=pose.device) < share
    pose, own_pose, own = pose.clone(), pose, mask
    for limb in limb_joints():
        other = torch.randperm(len(pose), device=pose.device)
        joints = torch.from_numpy(limb).to(pose.device)
        moved = own_pose[:, :, joints][other]
        pose[:, :, joints] = torch.where(
            some[:, None, None, None, None], moved, pose[:, :, joints]
        )
        mask = torch.where(some[:, None], mask & own[other], mask)
    return pose, mask, label.masked_fill(some, UNKNOWN)


def _turns(pose: Tensor) -> Tensor:
    """Turns of the local joints ``[B, T, 24, 3]``, radians."""
    size, frames = pose.shape[:2]
    shape = (size, frames, NUM_JOINTS, 3)
    constant = torch.randn(size, 1, NUM_JOINTS, 3)
    slow = correlated_noise(shape, 0.97)
    levels = torch.rand(2, size, 1, 1, 1)
    turns = _CONSTANT * levels[0] * constant + _SLOW * levels[1] * slow
    turns[:, :, 0] = 0
    return turns.to(pose)
