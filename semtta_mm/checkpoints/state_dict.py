"""Putting a state dict into a network: wholly, or an error that lists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike

import torch
from torch import Tensor, nn

from .errors import InputError

_LISTED = 4
"""Names of wrong entries that an error message spells out."""


def fill(
    model: nn.Module,
    given: Mapping[str, Tensor],
    source: str | PathLike[str],
    field: str,
    fix: str,
    strict: bool = True,
) -> list[str]:
    """Fill a model, wholly or not at all.

    Args:
        model: The built model; half-precision weights become its own type.
        given: Name to tensor.
        source: Where they are from, for the message.
        field: Of the source, for the message.
        fix: What the user can do, for the message.
        strict: Whether entries that the model does not have are an error.

    Returns:
        Names of entries that the model does not have.

    Raises:
        InputError: If an entry is missing, unexpected, of another shape or
            not finite; the message lists them.
    """
    own = model.state_dict()
    unexpected = sorted(given.keys() - own.keys())
    wrong = {
        'lacks': sorted(own.keys() - given.keys()),
        'has unexpected': unexpected if strict else [],
        'has other shapes for': [
            f'{name} {list(given[name].shape)} not {list(value.shape)}'
            for name, value in own.items()
            if name in given and given[name].shape != value.shape
        ],
        'is not finite in': not_finite(given),
    }
    problems = [f'{k} {some(v)}' for k, v in wrong.items() if v]
    if problems:
        raise InputError(source, field, '; '.join(problems), fix)
    model.load_state_dict({name: given[name] for name in own})
    return unexpected


def not_finite(state: Mapping[str, Tensor]) -> list[str]:
    """Names of tensors that hold NaN or infinity."""
    return [
        name
        for name, value in state.items()
        if value.is_floating_point() and not torch.isfinite(value).all()
    ]


def some(names: Sequence[str], listed: int = _LISTED) -> str:
    """The first ``listed`` names, and how many more there are."""
    more = len(names) - listed
    return ', '.join(names[:listed]) + (f' and {more} more' * (more > 0))
