"""Read official SMPL pickles without running what is inside them.

A pickle is a program. SMPL's files need very little of it: numpy arrays, one
sparse matrix, plain containers and objects of ``chumpy``, which no longer
installs. Here every object becomes a box that holds its state, arrays are
made of the boxes afterwards, and any other name stops the reading before it
is looked up. Not even numpy's own restoring code runs on a foreign file.
"""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...utils import InputError
from .boxes import (
    ArrayBox,
    Box,
    ChumpyBox,
    DtypeBox,
    ScalarBox,
    SparseBox,
    unbox,
)

_FIX = (
    'use the original file of the SMPL web site, or convert it to npz on a '
    'machine that you trust it on'
)
_UNREADABLE = (
    pickle.UnpicklingError,
    EOFError,
    AttributeError,
    IndexError,
    KeyError,
    TypeError,
    ValueError,
    OverflowError,
    MemoryError,
)


class _Refused(Exception):
    """The pickle asks for something that no SMPL file needs."""


class _ArrayClass:
    """Stands for ``numpy.ndarray``, which is only ever an argument."""


def _reconstruct(*_: Any) -> ArrayBox:
    """``numpy.core.multiarray._reconstruct``: an array without its state."""
    return ArrayBox()


def _from_buffer(data: bytes, dtype: Any, shape: Any, order: str) -> ArrayBox:
    """``numpy.core.numeric._frombuffer``, which protocol 5 uses."""
    box = ArrayBox()
    box.__setstate__((1, shape, dtype, order == 'F', data))
    return box


def _rebuild(cls: type, base: type, state: Any) -> Box:
    """``copyreg._reconstructor``, for boxes only."""
    if base is not object or not issubclass(cls, Box):
        raise pickle.UnpicklingError('unexpected object')
    return cls()


def _encode(text: str, encoding: str) -> bytes:
    """``_codecs.encode``, for how protocol 2 writes bytes."""
    if encoding != 'latin1':
        raise pickle.UnpicklingError(f'unexpected encoding {encoding!r}')
    return text.encode('latin1')


def _allowed() -> dict[tuple[str, str], Any]:
    """Every name that a file may ask for, and what it gets instead."""
    table: dict[tuple[str, str], Any] = {
        ('numpy', 'ndarray'): _ArrayClass,
        ('numpy', 'dtype'): DtypeBox,
        ('_codecs', 'encode'): _encode,
        ('collections', 'OrderedDict'): OrderedDict,
    }
    for core in ('numpy.core', 'numpy._core'):
        table[f'{core}.multiarray', '_reconstruct'] = _reconstruct
        table[f'{core}.multiarray', 'scalar'] = ScalarBox
        table[f'{core}.numeric', '_frombuffer'] = _from_buffer
    for module in ('scipy.sparse.csc', 'scipy.sparse._csc', 'scipy.sparse'):
        table[module, 'csc_matrix'] = SparseBox
    for module in ('copy_reg', 'copyreg'):
        table[module, '_reconstructor'] = _rebuild
    for module in ('__builtin__', 'builtins'):
        for kind in (object, set, list, dict):
            table[module, kind.__name__] = kind
    return table


class _RestrictedUnpickler(pickle.Unpickler):
    """Knows our own table and chumpy's classes, nothing else."""

    def __init__(self, data: bytes) -> None:
        super().__init__(io.BytesIO(data), encoding='latin1')
        self._table = _allowed()

    def find_class(self, module: str, name: str) -> Any:
        """Never imports: looks the name up in our own table."""
        if module.split('.')[0] == 'chumpy':
            return ChumpyBox
        if (module, name) not in self._table:
            raise _Refused(f'{module}.{name}')
        return self._table[module, name]


def read_pickle(path: str | PathLike[str]) -> dict[str, np.ndarray]:
    """Arrays of an official SMPL pickle.

    Args:
        path: A file of the SMPL web site (any pickle protocol, Python 2 or
            3), or one that was cleaned of chumpy.

    Returns:
        Name to array, for every entry that is one.

    Raises:
        InputError: If the file is missing or truncated, or if it asks for
            anything but arrays; nothing of it has run then.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', _FIX)
    content = _load(path)
    if not isinstance(content, dict):
        raise InputError(path, 'file', 'holds no dictionary', _FIX)
    arrays = {}
    for name, value in content.items():
        array = _read_field(path, str(name), value)
        if array is not None:
            arrays[str(name)] = array
    return arrays


def _load(path: Path) -> Any:
    try:
        return _RestrictedUnpickler(path.read_bytes()).load()
    except _Refused as error:
        problem = (
            f"refused: the pickle asks for '{error}', which no SMPL file needs"
        )
        raise InputError(path, 'file', problem, _FIX) from error
    except _UNREADABLE as error:
        problem = f'cannot be read as a pickle ({error})'
        raise InputError(path, 'file', problem, _FIX) from error


def _read_field(path: Path, field: str, value: Any) -> np.ndarray | None:
    try:
        return unbox(value)
    except _UNREADABLE as error:
        problem = f'cannot be read ({error!r})'
        raise InputError(path, field, problem, _FIX) from error
