"""Losses of the motion-text space."""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, log_softmax

FULL_CHANGE = 10.0
"""Mean angle from which a degraded motion must keep the whole margin, deg."""


def label_loss(scores: Tensor, label: Tensor, temperature: float) -> Tensor:
    """Each motion must find its label among all labels.

    Args:
        scores: Cosines ``[B, L]``.
        label: Right rows ``[B]``.
        temperature: Of the softmax.
    """
    return cross_entropy(scores / temperature, label)


def motion_loss(scores: Tensor, label: Tensor, temperature: float) -> Tensor:
    """Each label must find its motions among those of the batch.

    Args:
        scores: Cosines ``[B, L]``.
        label: Right rows ``[B]``.
        temperature: Of the softmax.

    Returns:
        Scalar; motions of one label share the target.
    """
    columns = scores[:, label].T / temperature  # [text of i, motion j]
    same = (label[:, None] == label).to(scores)
    target = same / same.sum(1, keepdim=True)
    return -(target * log_softmax(columns, 1)).sum(1).mean()


def rank_loss(
    better: Tensor, worse: Tensor, margin: float | Tensor, change: Tensor
) -> Tensor:
    """The better motion must score higher, by more if they differ more.

    Args:
        better: Cosines with the right label ``[B]``.
        worse: Those of the degraded motion ``[B]``.
        margin: For a motion that was changed clearly, a number or ``[B]``.
        change: How much it was changed ``[B]``, degrees; a frozen leg of
            somebody who drinks is no error.
    """
    share = (change / FULL_CHANGE).clamp(0, 1)
    return (worse - better + margin * share).clamp(min=0).mean()


def pull_loss(right: Tensor) -> Tensor:
    """Draw motions to the very vector of their label: mean of 1 - cosine.

    Args:
        right: Cosines with the right label ``[B]``.
    """
    return (1 - right).mean()


def right_scores(scores: Tensor, label: Tensor) -> Tensor:
    """Cosines ``[B]`` with the right label, out of ``[B, L]``."""
    return torch.gather(scores, 1, label[:, None])[:, 0]
