"""Motions of an action that nobody in the video performed."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import torch
from torch import Tensor

from ...geometry.resampling import MOTION_RATE, sample_rotations


class ReferenceMotions(ABC):
    """Gives motions by action label: recorded or generated ones."""

    @abstractmethod
    def motions(self, label: str) -> Sequence[Tensor]:
        """Motions of a label.

        Args:
            label: Of the adaptor's dictionary.

        Returns:
            Rotation matrices ``[T, 24, 3, 3]`` at 30 fps, of any lengths;
            empty if the label is unknown.
        """


def at_rate(
    motion: Tensor, count: int, rate: float, start: float = 0.0
) -> Tensor:
    """A stretch of a reference motion at another rate.

    Args:
        motion: Rotation matrices ``[T, 24, 3, 3]`` at 30 fps.
        count: Number of frames N.
        rate: Of the result, Hz.
        start: First frame, at 30 fps.

    Returns:
        ``[N, 24, 3, 3]``; after the motion's end its last frame.
    """
    at = start + torch.arange(count) * (MOTION_RATE / rate)
    return sample_rotations(motion, at.clamp(max=len(motion) - 1))


def draw_piece(
    motions: Sequence[Tensor],
    count: int,
    rate: float,
    generator: torch.Generator,
) -> Tensor:
    """A random stretch of a random motion.

    Args:
        motions: At least one, ``[T, 24, 3, 3]`` at 30 fps.
        count: Number of frames N.
        rate: Of the result, Hz.
        generator: Of the choice.

    Returns:
        ``[N, 24, 3, 3]``.
    """
    number = torch.randint(len(motions), (1,), generator=generator)
    motion = motions[int(number)]
    needed = (count - 1) * MOTION_RATE / rate
    spare = max(len(motion) - 1 - needed, 0.0)
    share = torch.rand(1, generator=generator)
    return at_rate(motion, count, rate, float(share) * spare)
