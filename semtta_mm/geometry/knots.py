"""Values over time that are linear between knots."""

from __future__ import annotations

import torch
from torch import Tensor


class Knots:
    """Linear interpolation between evenly spaced knots.

    Args:
        count: Frames, T.
        step: Frames from one knot to the next; 1 or less gives each frame a
            knot of its own.
        times: Of the frames ``[T]``, rising, in frames; None: without a gap.

    Attributes:
        frames: Frame at or next to each knot ``[M]``, without gaps.
    """

    def __init__(
        self, count: int, step: float, times: Tensor | None = None
    ) -> None:
        length = float(count - 1)
        if times is not None and count > 1:
            times = (times - times[0]).double()
            length = float(times[-1])
        between = max(round(length / max(step, 1.0)), 1)
        at = torch.linspace(0, between, count)
        if times is not None and count > 1:
            at = (times * (between / length)).to(at)
        self.low = at.floor().long().clamp(max=between - 1)
        self.share = (at - self.low)[:, None, None]
        self.frames = torch.linspace(0, count - 1, between + 1).round().long()

    def __call__(self, knots: Tensor, frames: Tensor | None = None) -> Tensor:
        """Values of frames.

        Args:
            knots: ``[M, J, D]``.
            frames: Which frames ``[U]``; None takes all.

        Returns:
            ``[U, J, D]``.
        """
        low, share = self.low, self.share
        if frames is not None:
            at = frames.cpu()
            low, share = low[at], share[at]
        low = low.to(knots.device)
        return torch.lerp(knots[low], knots[low + 1], share.to(knots))
