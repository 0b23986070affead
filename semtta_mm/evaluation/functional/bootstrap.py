"""How sure a mean difference is, from the spread of its clips."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from ...utils import InputError

_LEAST = 2


class Bootstrap(NamedTuple):
    """A mean, its 95 % percentile interval and a two-sided p-value."""

    mean: float
    low: float
    high: float
    p: float


def paired_bootstrap(
    differences: Tensor,
    seed: int = 0,
    draws: int = 10_000,
    weight: Tensor | None = None,
) -> Bootstrap:
    """Resample clips with replacement, and take the mean of each draw.

    The interval is a percentile one: too narrow below about ten clips. Give
    one difference per independent clip; windows of one clip, or seeds on one
    clip, are not independent.

    Args:
        differences: Of each clip ``[N]``, e.g. error with - error without.
        seed: Of the draws.
        draws: How many.
        weight: Of each clip ``[N]``, positive, e.g. one over the clips
            of its label for a macro average; None weighs all the same.

    Returns:
        The mean of the clips, and its interval over the draws. ``p`` is twice
        the share of draws on the rarer side of zero, at most 1, and never
        exactly 0.

    Raises:
        InputError: On fewer than two clips, NaN or infinity, a bad weight, or
            no draws.
    """
    values = differences.double().cpu()
    parts = torch.ones_like(values) if weight is None else weight.double()
    parts = parts.cpu()
    _check(values, parts, draws)
    generator = torch.Generator().manual_seed(seed)
    chosen = torch.randint(
        len(values), (draws, len(values)), generator=generator
    )
    means = (values * parts)[chosen].sum(1) / parts[chosen].sum(1)
    low, high = torch.quantile(means, means.new_tensor([0.025, 0.975]))
    rarer = min(int((means <= 0).sum()), int((means >= 0).sum()))
    return Bootstrap(
        float((values * parts).sum() / parts.sum()),
        float(low),
        float(high),
        min(1.0, 2 * (rarer + 1) / (draws + 1)),
    )


def _check(values: Tensor, weight: Tensor, draws: int) -> None:
    name = 'paired_bootstrap'
    if values.ndim != 1 or len(values) < _LEAST:
        problem = f'expected [N] with N of at least 2, got {[*values.shape]}'
        fix = 'give one difference per clip'
        raise InputError(name, 'differences', problem, fix)
    if not bool(values.isfinite().all()):
        fix = 'leave out clips without a value'
        raise InputError(name, 'differences', 'NaN or infinite', fix)
    # A weight of zero could make a draw empty.
    good = weight.isfinite() & (weight > 0)
    if weight.shape != values.shape or not bool(good.all()):
        fix = 'give one positive number per clip'
        raise InputError(name, 'weight', 'not positive, or a wrong shape', fix)
    if draws < 1:
        raise InputError(name, 'draws', f'{draws} is too few', 'use 10000')
