"""Rotations from several sources, each weighted by its precision.

The precision of a rotation is ``1 / e**2`` with its expected error e, the
angle to the true rotation. The lifter predicts its own errors; those of the
estimator and the denoiser are measured on a dev split
(``semtta calibrate-lifter``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ...conventions import SMPL_JOINTS
from ...geometry import project_to_rotation, rotation_angle

_LEAST = math.radians(0.5)

_CERTAIN = math.radians(25.0)
"""Expected error below which a lifted root tells how good another one is."""

_KIND_OF = {
    'pelvis': 'root',
    'collar': 'spine',
    'head': 'neck',
    'foot': 'ankle',
    'hand': 'wrist',
}
"""Joints that have the expected errors of another kind."""

KINDS = (
    'root',
    'spine',
    'neck',
    'hip',
    'knee',
    'ankle',
    'shoulder',
    'elbow',
    'wrist',
)
"""Kinds of rotations, each with its own expected error."""


def joint_kinds() -> list[str]:
    """The kind of each of SMPL's joints."""
    kinds = []
    for joint in SMPL_JOINTS:
        name = joint.removeprefix('left_').removeprefix('right_')
        name = name.partition('_')[0]  # spine_1
        kinds.append(_KIND_OF.get(name, name))
    return kinds


@dataclass(frozen=True)
class ExpectedErrors:
    """Errors of an estimator's rotations by their 2D evidence, degrees.

    Attributes:
        observed: Of each of :data:`KINDS`, where keypoints of the frame
            constrain it.
        hidden: Of each of them where no keypoint of the track does.
        seconds: Time over which the error of a rotation that was observed
            rises by 63 % of the way from ``observed`` to ``hidden``.
    """

    observed: Mapping[str, float]
    hidden: Mapping[str, float]
    seconds: float

    def __post_init__(self) -> None:
        for field in ('observed', 'hidden'):
            values = getattr(self, field)
            if set(values) != set(KINDS):
                raise ValueError(
                    f'{field}: expected {", ".join(KINDS)}, got '
                    f'{", ".join(values)}'
                )
            for kind, value in values.items():
                _check_positive(f'{field}.{kind}', value)
        _check_positive('seconds', self.seconds)

    def of(
        self, observed: Tensor, rate: float, root: float | None = None
    ) -> Tensor:
        """Expected error of every rotation ``[T, 24]``, radians.

        Args:
            observed: Rotations that keypoints of their frame constrain, the
                root as well ``[T, 24]``, bool, frames without a gap.
            rate: Frames per second.
            root: Error of an observed root on this track, radians. Where it
                is below the usual one, those of the root fall in proportion.
        """
        error = self.after(frames_to_observed(observed) / rate).deg2rad()
        if root is not None:
            usual = math.radians(self.observed['root'])
            error[:, 0] *= min(1.0, root / usual)
        return error

    def after(self, seconds: Tensor) -> Tensor:
        """Expected errors by the time to the nearest observation.

        Args:
            seconds: ``[T, 24]``; infinity where there is none.

        Returns:
            ``[T, 24]``, degrees.
        """
        kinds = joint_kinds()
        low, high = (
            torch.tensor([values[kind] ** 2 for kind in kinds])
            for values in (self.observed, self.hidden)
        )
        risen = 1 - (-seconds / self.seconds).exp()
        return (low + (high - low) * risen).sqrt()


def _check_positive(name: str, value: float) -> None:
    if not value > 0:
        raise ValueError(f'{name}: expected above 0, got {value}')


def measured_root_error(
    root: Tensor, lifted: Tensor, error: Tensor
) -> float | None:
    """Error of an estimator's root on a track, without a reference.

    The mean squared angle between two independent estimates is about the sum
    of their squared errors: ``e**2 = mean(angle**2) - mean(error**2)``,
    means weighted by ``1 / error**2``, over frames whose lifted root is
    certain.

    Args:
        root: The estimator's ``[T, 3, 3]``.
        lifted: A lifter's, which did not get the estimator's
            ``[T, 3, 3]``.
        error: The lifter's expected errors ``[T]``, radians.

    Returns:
        e, radians, at least 0; None without a certain frame.
    """
    certain = error < _CERTAIN
    if not certain.any():
        return None
    squared = rotation_angle(root[certain], lifted[certain]).square()
    weight = error[certain].clamp(min=_LEAST) ** -2
    mean = (weight * squared).sum() / weight.sum()
    own = len(weight) / weight.sum()
    return math.sqrt(max(float(mean - own), 0.0))


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
