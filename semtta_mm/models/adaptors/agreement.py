"""Condition on motion and text for filling in keypoints (Eq. 6).

The paper requires a cosine above 0.75 in the official MotionCLIP. Cosines of
another space have another scale. The rank of the right text, and its lead
over the others, are comparable between spaces.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ...datasets.segments import UNKNOWN


@dataclass(frozen=True)
class Agreement:
    """Conditions on a window; all that are given must hold.

    Attributes:
        sigma: Its cosine must be above this, strictly; the paper's 0.75
            belongs to the official MotionCLIP.
        max_rank: Worst allowed rank; 1 allows the best text only.
        min_margin: Lead over every other text, strictly; negative values
            allow another text to fit better.
    """

    sigma: float | None = 0.75
    max_rank: int | None = None
    min_margin: float | None = None

    def __call__(self, cosines: Tensor, label: Tensor) -> Tensor:
        """Windows that agree ``[N]``, bool; none without a label.

        Args:
            cosines: With every text ``[N, L]``; NaN without a label.
            label: Row of the right text ``[N]``, -1 for none.
        """
        own, margin, rank = label_rank(cosines, label)
        fits = label != UNKNOWN
        if self.sigma is not None:
            fits = fits & (own > self.sigma)
        if self.max_rank is not None:
            fits = fits & (rank <= self.max_rank)
        if self.min_margin is not None:
            fits = fits & (margin > self.min_margin)
        return fits


def label_rank(
    cosines: Tensor, label: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Cosine, lead and rank of each window's own text among all texts.

    Args:
        cosines: ``[N, L]``.
        label: Row of the right text ``[N]``; -1 is taken as row 0.

    Returns:
        Own cosine ``[N]``, its lead over the best other one ``[N]``, and its
        rank ``[N]``, 1 for the best.
    """
    row = label.clamp(min=0)[:, None]
    own = cosines.gather(1, row)
    others = cosines.scatter(1, row, -torch.inf)
    rank = 1 + (others >= own).sum(dim=1)
    return own[:, 0], own[:, 0] - others.amax(dim=1), rank
