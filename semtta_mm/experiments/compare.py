"""Paired comparison of two rows over clips."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import torch

from ..evaluation.functional.bootstrap import paired_bootstrap

WORST = 0.1
"""Share of clips in the worst decile, at least one."""


class Comparison(NamedTuple):
    """First minus second row.

    Attributes:
        mean: Over clips.
        low: Of the 95 % interval, by bootstrap over clips.
        high: Of the interval.
        p: Two-sided, of no difference.
        clips: Number of clips that both rows have.
        better: Clips on which the first row is better.
        worst: Mean change of the tenth of the clips (at least one) that
            change most for the worse.
    """

    mean: float
    low: float
    high: float
    p: float
    clips: int
    better: int
    worst: float


def paired(
    first: Mapping[tuple[str, str], float],
    second: Mapping[tuple[str, str], float],
    higher_is_better: bool = False,
) -> Comparison | None:
    """Compare two rows by clip.

    Args:
        first: (test set, clip) to the mean of the clip.
        second: The same of the other row.
        higher_is_better: Direction of the metric.

    Returns:
        None with fewer than two common clips.
    """
    common = sorted(set(first) & set(second))
    if len(common) < 2:
        return None
    gaps = torch.tensor([first[key] - second[key] for key in common])
    gaps = gaps.double()
    worse = -gaps if higher_is_better else gaps
    count = max(1, math.ceil(WORST * len(common)))
    at = worse.argsort(descending=True)[:count]
    return Comparison(
        *paired_bootstrap(gaps),
        clips=len(common),
        better=int((worse < 0).sum()),
        worst=float(gaps[at].mean()),
    )
