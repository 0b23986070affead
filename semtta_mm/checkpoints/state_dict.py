"""Loading of state dicts, with errors that list the entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike

import torch
from torch import Tensor, nn

from ..utils import InputError

_LISTED = 4
"""Number of wrong entries that an error message names."""


def load_state(
    model: nn.Module,
    given: Mapping[str, Tensor],
    source: str | PathLike[str],
    field: str,
    fix: str,
    strict: bool = True,
) -> list[str]:
    """Load tensors into a model: all of them, or none and an error.

    Args:
        model: The built model; weights are converted to its dtypes.
        given: Name to tensor.
        source: Source of the tensors, for the message.
        field: Field of the source, for the message.
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
    problems = [f'{k} {list_names(v)}' for k, v in wrong.items() if v]
    if problems:
        raise InputError(source, field, '; '.join(problems), fix)
    model.load_state_dict({name: given[name] for name in own})
    return unexpected


def not_finite(state: Mapping[str, Tensor]) -> list[str]:
    """Names of tensors that contain NaN or infinity."""
    return [
        name
        for name, value in state.items()
        if value.is_floating_point() and not torch.isfinite(value).all()
    ]


def list_names(names: Sequence[str], listed: int = _LISTED) -> str:
    """The first ``listed`` names, and the number of others."""
    more = len(names) - listed
    return ', '.join(names[:listed]) + (f' and {more} more' * (more > 0))


def without_prefix(
    state: Mapping[str, Tensor], prefix: str
) -> dict[str, Tensor]:
    """Entries that start with the prefix; it is removed."""
    return {
        name.removeprefix(prefix): value
        for name, value in state.items()
        if name.startswith(prefix)
    }


def contiguous_copies(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Contiguous copies of tensors; safetensors cannot store views."""
    return {
        name: value.detach().clone(memory_format=torch.contiguous_format)
        for name, value in state.items()
    }
