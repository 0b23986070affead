"""A track's motion as a lifter predicts it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class LiftedMotion:
    """A track's motion by a lifter.

    Note:
        - frames of the track: T

    Attributes:
        pose: Rotation matrices ``[T, 24, 3, 3]``, in the estimator's axes.
        error: Expected angle between predicted and true rotation
            ``[T, 24]``, radians.
        betas: ``[T, 10]``.
        residual: Residual to the keypoints over the expected one ``[T]``,
            see :func:`~.lifted_residual.residual_ratio`; NaN where unknown.
        root_error: Of the network's root on this track, radians, see
            :func:`~.precision.measured_root_error`; None where unknown.
        share: Share of the lifted motion in the precision of the targets
            ``[T, 24]``; None before they were mixed.
        target_error: Expected error of the mixed targets ``[T, 24]``,
            radians; None likewise.
    """

    pose: Tensor
    error: Tensor
    betas: Tensor
    residual: Tensor | None = None
    root_error: float | None = None
    share: Tensor | None = None
    target_error: Tensor | None = None
