"""Which rotations training hides, and how wrong it makes the others.

Joints are hidden as an image's edge, furniture or a detector hides them: the
legs from the knee or from the hip down for a whole window, a side, the arms,
stretches of frames. What stays is a network's guess, so it errs as networks
do: by a constant turn, by slow ones, and by fresh ones in every frame.
"""

from __future__ import annotations

import math

import roma
import torch
from torch import Tensor

from ...conventions import NUM_JOINTS, SMPL_JOINTS

_SLOWEST = 8
"""Cosines over a window that slow turns are made of."""

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
"""How often which joints are hidden; the last: each joint by itself."""


def group_joints(words: tuple[str, ...]) -> Tensor:
    """Joints whose name holds one of some words ``[24]``, bool."""
    return torch.tensor(
        [any(w in name for w in words) for name in SMPL_JOINTS]
    )


def hide_rotations(
    batch: int, frames: int, device: torch.device | str = 'cpu'
) -> Tensor:
    """Draw what is hidden in windows.

    Args:
        batch: Windows B.
        frames: T.
        device: Of the result.

    Returns:
        ``[B, T, 24]`` bool, True where hidden; never the root. A joint group
        is hidden for the whole window or a stretch of it, and in a quarter
        of the windows everything is, for some frames.
    """
    chances = torch.tensor([chance for chance, _ in _GROUPS])
    draw = torch.multinomial(chances, batch, replacement=True)
    sets = torch.stack([group_joints(words) for _, words in _GROUPS])[draw]
    alone = (draw == len(_GROUPS) - 1)[:, None]
    sets = torch.where(alone, torch.rand(batch, NUM_JOINTS) < 0.35, sets)
    whole = torch.rand(batch) < 0.6
    when = _stretch(batch, frames, 0.3, 0.9) | whole[:, None]
    hidden = when[..., None] & sets[:, None]
    blind = (torch.rand(batch) < 0.25)[:, None]
    hidden |= (_stretch(batch, frames, 0.05, 0.4) & blind)[..., None]
    hidden[..., 0] = False
    return hidden.to(device)


def err(
    pose: Tensor, constant: float = 8.0, slow: float = 8.0, fast: float = 5.0
) -> Tensor:
    """Turn joints as a network errs, each sample by its own amounts.

    Args:
        pose: Rotation matrices ``[B, T, 24, 3, 3]``.
        constant: Most degrees (standard deviation per axis) over a window.
        slow: The same of turns that change slowly.
        fast: The same of turns that are new in every frame.

    Returns:
        ``[B, T, 24, 3, 3]``; the root is the same.
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
    """A random stretch of frames ``[B, T]``, bool; shares of T."""
    length = frames * (least + (most - least) * torch.rand(batch, 1))
    start = torch.rand(batch, 1) * (frames - length)
    at = torch.arange(frames)
    return (at >= start) & (at < start + length)
