"""Maximising a score over poses by gradient ascent, without an image."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import roma
import torch
from torch import Tensor

from ..geometry import matrix_to_rot6d, rot6d_to_matrix
from ..models.motion_text.degrade import mean_pose
from ..utils import InputError

Score = Callable[[Tensor], Tensor]
"""Poses ``[N, T, 24, 3, 3]`` to scores ``[N]``, the higher the better."""

Variables = Literal['frames', 'cosines', 'gain']
VARIABLES: tuple[Variables, ...] = get_args(Variables)


@dataclass(frozen=True)
class SearchOptions:
    """Options of the search.

    Attributes:
        variables: Free variables. ``'frames'``: a 6D offset of every joint and
            frame; ``'cosines'``: the same, but slow in time; ``'gain'``: one
            number per window, that scales all rotations about their mean pose.
        steps: Steps of Adam.
        lr: Its learning rate, in entries of a 6D rotation (0.01 is half a
            degree) or in the logarithm of the gain.
        coefficients: Cosines over the window for ``'cosines'``, slowest
            first; K of them reach ``(K - 1) / 2`` periods per window.
        saturation: Score above which the gradient is zero; None for no limit.
        observed_weight: Weight of the squared change of observed joints'
            matrices, summed over joints, mean over frames.
    """

    variables: Variables = 'cosines'
    steps: int = 30
    lr: float = 0.005
    coefficients: int = 8
    saturation: float | None = None
    observed_weight: float = 0.0

    def __post_init__(self) -> None:
        if self.variables not in VARIABLES:
            fix = f'use one of {", ".join(VARIABLES)}'
            problem = f'{self.variables!r} is unknown'
            raise InputError('SearchOptions', 'variables', problem, fix)
        for name in ('steps', 'lr', 'observed_weight'):
            if not 0 <= getattr(self, name) < math.inf:
                problem, fix = f'is {getattr(self, name)}', 'give 0 or more'
                raise InputError('SearchOptions', name, problem, fix)
        if self.coefficients < 1:
            problem = f'is {self.coefficients}'
            raise InputError(
                'SearchOptions', 'coefficients', problem, 'give 1 or more'
            )


def search(
    score: Score,
    start: Tensor,
    mask: Tensor,
    free: Tensor,
    options: SearchOptions,
    observed: Tensor | None = None,
) -> Tensor:
    """Minimise ``1 - score`` over the rotations of some joints.

    Windows do not influence each other: the loss is their sum, and Adam
    scales every entry alone.

    Args:
        score: Function to maximise; differentiable.
        start: ``[N, T, 24, 3, 3]``.
        mask: Valid frames ``[N, T]`` bool.
        free: Joints that may move ``[24]`` bool.
        options: See :class:`SearchOptions`.
        observed: Joints that ``options.observed_weight`` keeps in place
            ``[24]`` bool; None is none.

    Returns:
        ``[N, T, 24, 3, 3]``, without gradient; other joints as in ``start``.
    """
    held = torch.zeros_like(free) if observed is None else observed & free
    value, pose_of = _variables(start, mask, free, options)
    value.requires_grad_(True)
    adam = torch.optim.Adam([value], lr=options.lr)
    for _ in range(options.steps):
        pose = pose_of(value)
        loss = 1 - score(pose)
        if options.saturation is not None:
            loss = (loss - (1 - options.saturation)).clamp(min=0)
        moved = (pose - start)[:, :, held].square().sum((2, 3, 4)).mean(1)
        adam.zero_grad()
        (loss + options.observed_weight * moved).sum().backward()
        adam.step()
    return pose_of(value.detach())


def cosine_basis(frames: int, count: int) -> Tensor:
    """Slowest cosines of a window (DCT-II), each of amplitude 1.

    Args:
        frames: T.
        count: K; at most T.

    Returns:
        ``[T, K]``.
    """
    time = (torch.arange(frames) + 0.5) / frames
    order = torch.arange(min(count, frames))
    return torch.cos(math.pi * time[:, None] * order)


def _variables(
    start: Tensor, mask: Tensor, free: Tensor, options: SearchOptions
) -> tuple[Tensor, Callable[[Tensor], Tensor]]:
    """Initial variables, and the function from variables to poses."""
    windows, frames = start.shape[:2]
    part = start[:, :, free]

    def placed(rotations: Tensor) -> Tensor:
        out = start.clone()
        out[:, :, free] = rotations
        return out

    if options.variables == 'gain':
        mean = mean_pose(part, mask)
        turns = roma.rotmat_to_rotvec(mean.mT @ part)
        return start.new_zeros(windows, 1, 1, 1), lambda value: placed(
            mean @ roma.rotvec_to_rotmat(value.exp() * turns)
        )
    rot6d = matrix_to_rot6d(part, 'columns')
    if options.variables == 'frames':
        return torch.zeros_like(rot6d), lambda value: placed(
            rot6d_to_matrix(rot6d + value, 'columns')
        )
    basis = cosine_basis(frames, options.coefficients).to(start)
    shape = windows, basis.shape[1], *rot6d.shape[2:]
    return start.new_zeros(shape), lambda value: placed(
        rot6d_to_matrix(
            rot6d + torch.einsum('tk,nkjd->ntjd', basis, value), 'columns'
        )
    )
