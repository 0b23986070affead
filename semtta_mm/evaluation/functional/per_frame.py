"""Errors per frame, with the number of items in each mean."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True)
class PerFrame:
    """One number per frame; callers choose how to average.

    Attributes:
        values: ``[T]``; 0 instead of NaN where ``counts`` is 0, not to be
            used there.
        counts: Items (joints, vertices, keypoints) in the mean of each value
            ``[T]``; 0 means that the frame has no value.
    """

    values: Tensor
    counts: Tensor

    @property
    def valid(self) -> Tensor:
        """Frames that have a value ``[T]``, bool."""
        return self.counts > 0

    def mean(self) -> float | None:
        """Mean over the frames that have a value; None if none has."""
        if not bool(self.valid.any()):
            return None
        return float(self.values[self.valid].mean())


def masked_mean(values: Tensor, mask: Tensor) -> PerFrame:
    """Mean over the items of each frame.

    Args:
        values: ``[T, J]``, finite.
        mask: Items that count ``[T, J]``, bool.

    Returns:
        Means ``[T]`` and counts ``[T]``.
    """
    counts = mask.sum(dim=-1)
    total = (values * mask).sum(dim=-1)
    return PerFrame(total / counts.clamp(min=1), counts)
