"""Errors of hidden joints that do not depend on the phase of a movement.

A text, and often a pose, does not determine when a step begins. The mean
position error punishes a right motion half a period late as much as none.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ...utils import InputError
from .checks import prepare_pair
from .position import MM_PER_M

_LEAST_LEFT = 0.5
"""Share of the joints and frames that a shift must leave."""


class BestPhase(NamedTuple):
    """Error at the best time shift.

    Attributes:
        error: Mean distance, mm.
        shift: Frames by which the prediction is late; negative if early.
    """

    error: float
    shift: int


def best_phase_error(
    prediction: Tensor, target: Tensor, mask: Tensor, most: int
) -> BestPhase | None:
    """Least mean position error over one time shift of the whole track.

    A shift must leave at least half of the joints and frames that count.

    Args:
        prediction: Joints about their root ``[T, J, 3]``, m, frames evenly
            spaced.
        target: The same, true.
        mask: Joints and frames of the target that count ``[T, J]``, bool.
        most: Largest shift in either direction, frames.

    Returns:
        None if nothing counts. Of equal shifts the smallest is taken.

    Raises:
        InputError: On other shapes, a negative ``most``, or NaN or infinity
            where the mask is True.
    """
    if most < 0:
        raise InputError(
            'best_phase_error', 'most', f'{most} is negative', 'give 0 or more'
        )
    everywhere = torch.ones_like(mask, dtype=torch.bool)
    prediction = prepare_pair(
        'best_phase_error', prediction, prediction, everywhere
    )[0]
    target, _, mask = prepare_pair('best_phase_error', target, target, mask)
    total = int(mask.sum())
    if not total:
        return None
    found = []
    for shift in sorted(range(-most, most + 1), key=abs):
        distance, counted = _shifted(prediction, target, mask, shift)
        count = int(counted.sum())
        if count >= _LEAST_LEFT * total and count:
            error = float(distance[counted].mean()) * MM_PER_M
            found.append(BestPhase(error, shift))
    return min(found, key=lambda best: best.error)


def _shifted(
    prediction: Tensor, target: Tensor, mask: Tensor, shift: int
) -> tuple[Tensor, Tensor]:
    """Distances and flags ``[N, J]`` with the prediction ``shift`` later."""
    length = len(target)
    first, last = max(0, -shift), min(length, length - shift)
    if last <= first:
        return target.new_zeros(0, mask.shape[1]), mask[:0]
    moved = prediction[first + shift : last + shift]
    gap = moved - target[first:last]
    return torch.linalg.vector_norm(gap, dim=-1), mask[first:last]


def wasserstein_over_time(
    prediction: Tensor, target: Tensor, mask: Tensor
) -> float | None:
    """Distance of the distributions over time of each joint's position.

    For each joint and axis the 1D Wasserstein distance between the positions
    in the frames that count: mean over axes, then over joints, weighted by
    their frames. It is 0 for the same motion in any order of its frames.

    Args:
        prediction: Joints about their root ``[T, J, 3]``, m.
        target: The same, true.
        mask: Joints and frames that count ``[T, J]``, bool.

    Returns:
        Millimetres; None if nothing counts.

    Raises:
        InputError: On other shapes, or NaN or infinity where the mask is
            True.
    """
    prediction, target, mask = prepare_pair(
        'wasserstein_over_time', prediction, target, mask
    )
    total, weight = 0.0, 0
    for joint in mask.any(dim=0).nonzero()[:, 0].tolist():
        at = mask[:, joint]
        # Equally many samples: the sorted ones are the pairs.
        mine = prediction[at, joint].sort(dim=0).values
        true = target[at, joint].sort(dim=0).values
        total += float((mine - true).abs().mean()) * len(mine)
        weight += len(mine)
    return total / weight * MM_PER_M if weight else None
