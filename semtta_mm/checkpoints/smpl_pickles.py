"""Reads official SMPL pickles without running code of theirs.

SMPL's files contain numpy arrays, one sparse matrix of scipy, plain
containers and objects of ``chumpy``, which can no longer be installed. The
state of sparse matrices and of chumpy's objects is converted to arrays.
"""

from __future__ import annotations

import pickle
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..utils import InputError
from .pickled_arrays import PLAIN_NAMES, PickledArray, PickledObject
from .unpickler import (
    UNREADABLE,
    Policy,
    ProtectedFunction,
    RestrictedUnpickler,
    describe_error,
    refuse,
)

_FIX = (
    'use the original file of the SMPL web site, or convert it to npz on a '
    'machine that you trust it on'
)


class _SparseMatrix(PickledObject):
    """A compressed sparse column matrix of scipy."""

    def array(self) -> np.ndarray:
        """The dense matrix."""
        shape = self.state.get('_shape', self.state.get('shape'))
        names = ('data', 'indices', 'indptr')
        parts = [as_array(self.state[name]) for name in names]
        data, rows, starts = (part for part in parts if part is not None)
        return _dense_columns(shape, data, rows, starts)


def _dense_columns(
    shape: tuple[int, int],
    data: np.ndarray,
    rows: np.ndarray,
    starts: np.ndarray,
) -> np.ndarray:
    """A dense matrix from the entries of its columns.

    Args:
        shape: Number of rows H and columns W.
        data: Entries ``[N]``, column by column.
        rows: The row of each ``[N]``.
        starts: Where the entries of each column start ``[W + 1]``.

    Raises:
        ValueError: If a row or column is outside the matrix.
    """
    height, width = (int(size) for size in shape)
    if {rows.dtype.kind, starts.dtype.kind} - set('iu'):
        raise ValueError('indices are not integers')
    rows, starts = rows.astype(np.int64), starts.astype(np.int64)
    counts = np.diff(starts)
    if starts.shape != (width + 1,) or starts[0] != 0 or (counts < 0).any():
        raise ValueError('columns do not fit the matrix')
    total = starts[-1]
    if data.shape != rows.shape or rows.ndim != 1 or total > len(rows):
        raise ValueError('fewer entries than the columns need')
    data, rows = data[:total], rows[:total]
    if ((rows < 0) | (rows >= height)).any():
        raise ValueError('rows outside the matrix')
    dense = np.zeros((height, width), data.dtype)
    np.add.at(dense, (rows, np.repeat(np.arange(width), counts)), data)
    return dense


class _ChumpyArray(PickledObject):
    """A chumpy array: ``Ch`` has its value in x, ``Select`` indexes a."""

    def array(self) -> np.ndarray | None:
        """The value; None for any other expression of chumpy."""
        state = self.state or {}
        if 'x' in state:
            return as_array(state['x'])
        if 'a' not in state or 'idxs' not in state:
            return None
        inner, index = as_array(state['a']), as_array(state['idxs'])
        if inner is None or index is None:
            return None
        shape = state.get('preferred_shape') or index.shape
        return inner.ravel()[index].reshape(shape)


def as_array(value: Any) -> np.ndarray | None:
    """The array in an unpickled value; None if there is none.

    Raises:
        ValueError, KeyError, TypeError, ...: If the value is broken, or its
            array does not contain numbers.
    """
    if isinstance(value, (_SparseMatrix, _ChumpyArray)):
        return value.array()
    if isinstance(value, (str, int, float)):
        return np.asarray(value)
    if isinstance(value, PickledArray):
        array = value.array()
    elif isinstance(value, np.generic):
        array = np.asarray(value)
    else:
        return None
    if array.dtype.kind not in 'biuf':
        raise ValueError(f'not a type of numbers: {array.dtype}')
    return array


def _rebuild(cls: Any, base: Any, state: Any) -> PickledObject:
    """``copyreg._reconstructor``, for our own classes only."""
    ours = isinstance(cls, type) and issubclass(cls, PickledObject)
    if base is not object or not ours:
        raise pickle.UnpicklingError('unexpected object')
    return cls()


def _names() -> dict[tuple[str, str], Any]:
    modules = ('scipy.sparse.csc', 'scipy.sparse._csc', 'scipy.sparse')
    return {
        **PLAIN_NAMES,
        **{(module, 'csc_matrix'): _SparseMatrix for module in modules},
        ('copyreg', '_reconstructor'): ProtectedFunction(_rebuild),
        ('builtins', 'object'): object,
    }


def _chumpy_or_refuse(module: str, name: str) -> type[_ChumpyArray]:
    if module.partition('.')[0] == 'chumpy':
        return _ChumpyArray
    return refuse(module, name)


_POLICY = Policy(_names(), _chumpy_or_refuse)
"""Plain data, scipy's sparse matrix, chumpy; other names are refused."""


def read_smpl_pickle(path: str | PathLike[str]) -> dict[str, np.ndarray]:
    """Arrays of an official SMPL pickle, or of a pose prior fitted to SMPL.

    Args:
        path: A file of the SMPL web site (any pickle protocol, Python 2 or
            3), or one without chumpy objects.

    Returns:
        Name to array, for every entry that is an array.

    Raises:
        InputError: If the file is missing or truncated, or contains
            anything but arrays; no code of the file is run in any case.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', _FIX)
    try:
        with path.open('rb') as file:
            reader = RestrictedUnpickler(file, _POLICY, encoding='latin1')
            content = reader.load()
    except UNREADABLE as error:
        raise InputError(path, 'file', describe_error(error), _FIX) from error
    if not isinstance(content, dict):
        raise InputError(path, 'file', 'is not a dictionary', _FIX)
    arrays = {}
    for name, value in content.items():
        array = _read_field(path, str(name), value)
        if array is not None:
            arrays[str(name)] = array
    return arrays


def _read_field(path: Path, field: str, value: Any) -> np.ndarray | None:
    try:
        return as_array(value)
    except UNREADABLE as error:
        problem = f'cannot be read ({error!r})'
        raise InputError(path, field, problem, _FIX) from error
