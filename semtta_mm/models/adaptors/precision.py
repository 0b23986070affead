"""Rotations from several sources, each weighted by its precision.

The precision of a rotation is ``1 / e**2`` with its expected error e, the
angle to the true rotation. The lifter predicts its own errors; those of the
estimator and the denoiser are measured on a dev split
(``semtta calibrate-lifter``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ...geometry import project_to_rotation

_LEAST = math.radians(0.5)


@dataclass(frozen=True)
class ExpectedErrors:
    """Errors of an estimator's rotations by their 2D evidence, degrees.

    Attributes:
        root: Of the root.
        observed: Of local rotations that keypoints of their frame constrain.
        hidden: Of those that no keypoint within several seconds constrains.
        seconds: Time over which a hidden rotation's error rises from
            ``observed`` to 63 % of the way to ``hidden``.
    """

    root: float
    observed: float
    hidden: float
    seconds: float = 0.5

    def __post_init__(self) -> None:
        for name in ('root', 'observed', 'hidden', 'seconds'):
            value = getattr(self, name)
            if not value > 0:
                raise ValueError(f'{name}: expected above 0, got {value}')

    def of(self, observed: Tensor, rate: float) -> Tensor:
        """Expected error of every rotation ``[T, 24]``, radians.

        Args:
            observed: Rotations that keypoints of their frame constrain
                ``[T, 24]``, bool, frames without a gap.
            rate: Frames per second.
        """
        away = frames_to_observed(observed) / (rate * self.seconds)
        low, high = self.observed**2, self.hidden**2
        squared = low + (high - low) * (1 - (-away).exp())
        squared[:, 0] = self.root**2
        return squared.sqrt().deg2rad()


def frames_to_observed(observed: Tensor) -> Tensor:
    """Frames to the nearest frame in which a rotation is observed.

    Args:
        observed: ``[T, J]``, bool.

    Returns:
        ``[T, J]``; infinity where it is never observed.
    """
    count = len(observed)
    at = torch.arange(count, dtype=torch.float32)[:, None]
    before = torch.where(observed, at, -torch.inf).cummax(dim=0).values
    after = torch.where(observed, at, torch.inf)
    after = after.flip(0).cummin(dim=0).values.flip(0)
    return torch.minimum(at - before, after - at)


def combine_rotations(
    poses: Sequence[Tensor], errors: Sequence[Tensor]
) -> tuple[Tensor, Tensor, Tensor]:
    """Mean of rotations, weighted by precision.

    Args:
        poses: Rotation matrices ``[..., 3, 3]`` of each source.
        errors: Expected errors ``[...]``, radians; infinity leaves a source
            out.

    Returns:
        The rotation nearest to the weighted mean of matrices ``[..., 3, 3]``
        (for independent normal errors that are small, the most probable
        one), each source's share of the precision ``[S, ...]``, and the
        expected error of the mean ``[...]``, radians.
    """
    precision = torch.stack(
        [error.clamp(min=_LEAST) ** -2 for error in errors]
    )
    total = precision.sum(dim=0)
    share = precision / total
    mean = (share[..., None, None] * torch.stack(tuple(poses))).sum(dim=0)
    return project_to_rotation(mean), share, total**-0.5
