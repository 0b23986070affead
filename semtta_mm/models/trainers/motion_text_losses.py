"""Losses of the motion-text model."""

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy, log_softmax

FULL_CHANGE = 10.0
"""Mean change of a degraded motion with the full margin, degrees."""


def label_loss(scores: Tensor, label: Tensor, temperature: float) -> Tensor:
    """Classification of motions among all labels.

    Args:
        scores: Cosines ``[B, L]``.
        label: Rows of the right labels ``[B]``.
        temperature: Temperature of the softmax.
    """
    return cross_entropy(scores / temperature, label)


def motion_loss(scores: Tensor, label: Tensor, temperature: float) -> Tensor:
    """Classification of labels among the motions of the batch.

    Args:
        scores: Cosines ``[B, L]``.
        label: Rows of the right labels ``[B]``.
        temperature: Temperature of the softmax.

    Returns:
        Scalar; motions of one label have equal targets.
    """
    columns = scores[:, label].T / temperature  # [text of i, motion j]
    same = (label[:, None] == label).to(scores)
    target = same / same.sum(1, keepdim=True)
    return -(target * log_softmax(columns, 1)).sum(1).mean()


def rank_loss(
    better: Tensor, worse: Tensor, margin: float | Tensor, change: Tensor
) -> Tensor:
    """Hinge loss: the better motion scores higher, by a margin.

    The margin grows with the change.

    Args:
        better: Cosines with the right label ``[B]``.
        worse: Those of the degraded motion ``[B]``.
        margin: Margin of a strongly changed motion, a number or ``[B]``.
        change: Amount of the change ``[B]``, degrees. A small change, such
            as a frozen leg in a motion of the arms, has a small margin.
    """
    share = (change / FULL_CHANGE).clamp(0, 1)
    return (worse - better + margin * share).clamp(min=0).mean()


def pull_loss(right: Tensor) -> Tensor:
    """Distance of motions to their label: mean of 1 - cosine.

    Args:
        right: Cosines with the right label ``[B]``.
    """
    return (1 - right).mean()


def right_scores(scores: Tensor, label: Tensor) -> Tensor:
    """Cosines ``[B]`` with the right label, from ``[B, L]``."""
    return torch.gather(scores, 1, label[:, None])[:, 0]
