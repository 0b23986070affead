"""Training data of the inpainter: hidden joints and perturbed rotations.

The hidden joints are those that image borders, occluders or a detector
usually hide: the legs below the knee or the hip for a whole window, one side,
the arms, all joints for some frames. The other rotations are predictions at
test time, so they get similar errors: a constant rotation, slowly varying
ones, and independent ones in every frame.
"""

from __future__ import annotations

import math

import roma
import torch
from torch import Tensor

from ...conventions import NUM_JOINTS, SMPL_JOINTS

_SLOWEST = 8
"""Number of cosines over a window in a slowly varying error."""

_GROUPS: tuple[tuple[float, tuple[str, ...]], ...] = (
    (0.30, ('hip', 'knee', 'ankle', 'foot')),
    (0.15, ('knee', 'ankle', 'foot')),
    (0.08, ('left_hip', 'left_knee', 'left_ankle', 'left_foot')),
    (0.08, ('right_hip', 'right_knee', 'right_ankle', 'right_foot')),
    (0.12, ('shoulder', 'elbow', 'wrist', 'hand')),
    (0.06, ('left_shoulder', 'left_elbow', 'left_wrist', 'left_hand')),
    (0.06, ('right_shoulder', 'right_elbow', 'right_wrist', 'right_hand')),
    (0.15, ()),
)
"""Probability and joints of each group; the last: independent joints."""


def group_joints(words: tuple[str, ...]) -> Tensor:
    """Joints whose name contains one of some words ``[24]``, bool."""
    return torch.tensor(
        [any(w in name for w in words) for name in SMPL_JOINTS]
    )


def hide_rotations(
    batch: int, frames: int, device: torch.device | str = 'cpu'
) -> Tensor:
    """Draw hidden joints of windows.

    Args:
        batch: Windows B.
        frames: T.
        device: Device of the result.

    Returns:
        ``[B, T, 24]`` bool, True where hidden; never the root. A joint group
        is hidden for the whole window or a part of it. In a quarter of the
        windows all joints are hidden for some frames.
    """
    weights = torch.tensor([weight for weight, _ in _GROUPS])
    draw = torch.multinomial(weights, batch, replacement=True)
    sets = torch.stack([group_joints(words) for _, words in _GROUPS])[draw]
    alone = (draw == len(_GROUPS) - 1)[:, None]
    sets = torch.where(alone, torch.rand(batch, NUM_JOINTS) < 0.35, sets)
    whole = torch.rand(batch) < 0.6
    when = _stretch(batch, frames, 0.3, 0.9) | whole[:, None]
    hidden = when[..., None] & sets[:, None]
    all_joints = (torch.rand(batch) < 0.25)[:, None]
    hidden |= (_stretch(batch, frames, 0.05, 0.4) & all_joints)[..., None]
    hidden[..., 0] = False
    return hidden.to(device)


def perturb_rotations(
    pose: Tensor, constant: float = 8.0, slow: float = 8.0, fast: float = 5.0
) -> Tensor:
    """Add rotation errors like those of a network.

    The amount of each kind is drawn uniformly for each sample.

    Args:
        pose: Rotation matrices ``[B, T, 24, 3, 3]``.
        constant: Largest amount of errors that are constant over a window,
            degrees (standard deviation per axis).
        slow: The same for errors that change slowly.
        fast: The same for errors that are independent in every frame.

    Returns:
        ``[B, T, 24, 3, 3]``; the root is not changed.
    """
    size, frames, joints = pose.shape[:3]
    most = pose.new_tensor([constant, slow, fast]).deg2rad()
    amount = pose.new_empty(3, size, 1, 1, 1).uniform_()
    amount = amount * most.view(3, 1, 1, 1, 1)
    time = (torch.arange(frames, device=pose.device) + 0.5) / frames
    order = torch.arange(1, _SLOWEST, device=pose.device)
    basis = torch.cos(math.pi * time[:, None] * order).to(pose)
    waves = pose.new_empty(size, _SLOWEST - 1, joints, 3).normal_()
    slowly = torch.einsum('tk,bkjc->btjc', basis, waves)
    turn = (
        amount[0] * pose.new_empty(size, 1, joints, 3).normal_()
        + amount[1] * slowly * math.sqrt(2 / (_SLOWEST - 1))
        + amount[2] * pose.new_empty(size, frames, joints, 3).normal_()
    )
    turn[:, :, 0] = 0
    return pose @ roma.rotvec_to_rotmat(turn)


def _stretch(batch: int, frames: int, least: float, most: float) -> Tensor:
    """Random consecutive frames ``[B, T]``, bool.

    ``least`` and ``most`` are fractions of T.
    """
    length = frames * (least + (most - least) * torch.rand(batch, 1))
    start = torch.rand(batch, 1) * (frames - length)
    at = torch.arange(frames)
    return (at >= start) & (at < start + length)
