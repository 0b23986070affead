"""Rank of the right label among scores."""

import torch
from torch import Tensor


def right_rank(scores: Tensor, label: Tensor) -> Tensor:
    """Number of wrong labels that score at least as high as the right one.

    Args:
        scores: ``[N, L]``.
        label: Right columns ``[N]``.

    Returns:
        ``[N]``, 0 if the right label is first; ties count as higher.
    """
    right = torch.gather(scores, 1, label[:, None])
    return (scores >= right).sum(1) - 1
