"""Reads the fields of one track's dict (see ``MeshMetric``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor

from ..utils import InputError
from .functional import check_shape


def floats(value: Any) -> Tensor:
    """Array or tensor as float64 on the CPU."""
    if isinstance(value, Tensor):
        return value.detach().cpu().double()
    return torch.from_numpy(np.array(value, np.float64))


def bools(value: Any) -> Tensor:
    """Array or tensor as bool on the CPU."""
    if isinstance(value, Tensor):
        return value.detach().cpu().bool()
    return torch.from_numpy(np.array(value, bool))


def take(source: str, fields: Mapping[str, Any], path: str) -> Any:
    """The value at a dotted path.

    Raises:
        InputError: If it is missing or None.
    """
    value: Any = fields
    for key in path.split('.'):
        value = value.get(key) if isinstance(value, Mapping) else None
    if value is None:
        raise InputError(
            source,
            path,
            'is missing',
            'see the docstring of MeshMetric for the fields of a sample',
        )
    return value


def frame_numbers(sample: Mapping[str, Any]) -> Tensor:
    """Frame numbers ``[T]``, int64, strictly increasing.

    Raises:
        InputError: If they are missing, empty or out of order.
    """
    name = str(take('MeshMetric', sample, 'name'))
    ids = floats(take(name, sample, 'frame_ids')).long()
    check_shape(name, 'frame_ids', ids.shape, ('T',))
    if not len(ids) or bool((ids.diff() <= 0).any()):
        raise InputError(
            name,
            'frame_ids',
            'they are empty or do not strictly increase',
            'sort the frames and drop duplicates',
        )
    return ids


def flags_or_true(
    name: str, field: str, value: Any, shape: tuple[int, ...]
) -> Tensor:
    """Flags of a shape; all True if they are absent."""
    if value is None:
        return torch.ones(shape, dtype=torch.bool)
    flags = bools(value)
    check_shape(name, field, flags.shape, shape)
    return flags
