"""Retrieval and ranking, macro-averaged: all labels have the same weight."""

from __future__ import annotations

import torch
from torch import Tensor


def macro_mean(values: Tensor, label: Tensor) -> float | None:
    """Mean over labels of the mean over each label's samples.

    Args:
        values: ``[N]``.
        label: ``[N]``, integers.

    Returns:
        None if there is no sample.
    """
    if not len(values):
        return None
    means = [values[label == row].float().mean() for row in label.unique()]
    return float(torch.stack(means).mean())


def best_wrong(scores: Tensor, label: Tensor) -> Tensor:
    """Highest score ``[N]`` of a wrong label, out of ``[N, L]``."""
    others = scores.clone()
    others[torch.arange(len(scores)), label] = -torch.inf
    return others.max(1).values


def above_others(score: Tensor, label: Tensor) -> Tensor:
    """Share of motions of other labels that score lower under its own text.

    Args:
        score: Every motion under every text ``[N, L]``.
        label: Right columns ``[N]``.

    Returns:
        ``[N]``, the share of motions of other labels that score lower under
        the text of motion ``n``; NaN if there is no other label.
    """
    columns = score[:, label].T  # [text of n, motion m]
    own = columns.diagonal()[:, None]
    other = label[:, None] != label
    below = ((columns < own) & other).sum(1)
    return below / other.sum(1)
