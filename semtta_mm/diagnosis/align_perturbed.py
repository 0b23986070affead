"""Perturbations of limbs for the diagnosis of the alignment.

All take rotation matrices ``[N, T, 24, 3, 3]`` and a mask ``[N, T]`` bool,
True for valid frames, and change every joint but the root.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import MappingProxyType

import torch
from torch import Tensor

from ..models.motion_text import degrade as d

SHIFT = 10
"""Frames at 30 fps by which limbs are early: a third of a stride."""

Perturb = Callable[[Tensor, Tensor], Tensor]


def _none(pose: Tensor, mask: Tensor) -> Tensor:
    return pose


def _damp(pose: Tensor, mask: Tensor, factor: float) -> Tensor:
    factors = torch.full((len(pose),), factor)
    return d.damp(pose, mask, factors, d.body_part('body'))


def _jitter(pose: Tensor, mask: Tensor) -> Tensor:
    return d.jitter(pose, 10.0)


def _slow(pose: Tensor, mask: Tensor) -> Tensor:
    return d.slow(pose, torch.full((len(pose),), 1.5))


def _shift(pose: Tensor, mask: Tensor) -> Tensor:
    at = torch.arange(pose.shape[1]) + SHIFT
    return d.play(pose, at.expand(len(pose), -1))


PERTURBED: Mapping[str, Perturb] = MappingProxyType(
    {
        'nothing': _none,
        'damped to 0.3': partial(_damp, factor=0.3),
        'frozen': partial(_damp, factor=0.0),
        'exaggerated 1.7 x': partial(_damp, factor=1.7),
        'jittered 10 deg': _jitter,
        'slowed 1.5 x': _slow,
        'early by 1/3 s': _shift,
    }
)
"""Perturbations by name; ``'nothing'`` tests if the loss keeps the truth."""


def perturb(
    name: str, pose: Tensor, mask: Tensor, joints: Tensor, seed: int = 0
) -> Tensor:
    """Perturb some joints.

    Args:
        name: In :data:`PERTURBED`.
        pose: See the module; with :data:`SHIFT` extra frames at the end,
            for limbs that are early.
        mask: See the module.
        joints: The joints to perturb ``[24]`` bool.
        seed: Seed of the jitter.

    Returns:
        ``[N, T, 24, 3, 3]``.
    """
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        wrong = PERTURBED[name](pose, mask)
    return torch.where(joints.view(-1, 1, 1), wrong, pose)
