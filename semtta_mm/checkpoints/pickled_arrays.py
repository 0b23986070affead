"""Numpy arrays, numbers and types of a pickle, restored by our own code.

Numpy's restoring functions trust the file: with a forged ``dtype`` state,
bytes of the file are used as pointers. Here a file's arrays become objects
that keep their state. :func:`restore_arrays` converts them to arrays
afterwards, of plain numbers, strings and lists of objects only.
"""

from __future__ import annotations

import pickle
import re
from collections import OrderedDict
from math import prod
from typing import Any

import numpy as np

from .unpickler import ProtectedFunction

_DTYPE = re.compile(r'[<>=|]([biufcSU]\d+|O\d*)')
"""Byte order and kind: numbers, bytes, strings and objects."""


class PickledObject:
    """Arguments and state of an object whose class is not imported."""

    args: tuple[Any, ...] = ()
    state: Any = None

    def __init__(self, *args: Any) -> None:
        self.args = args

    def __setstate__(self, state: Any) -> None:
        self.state = state


class PickledDtype(PickledObject):
    """``numpy.dtype``: its name in ``args``, its byte order in ``state``."""

    def dtype(self) -> np.dtype:
        """The type.

        Raises:
            ValueError: If it is not a type of numbers, strings or objects.
        """
        order = self.state[1] if self.state else '='
        name = f'{order}{self.args[0]}'
        if not _DTYPE.fullmatch(name):
            raise ValueError(f'the type {name} is not plain data')
        return np.dtype(name)


class PickledArray(PickledObject):
    """``numpy.ndarray``: (version, shape, dtype, Fortran order, content)."""

    def array(self) -> np.ndarray:
        """A new array in native byte order; objects are kept unchanged.

        Raises:
            TypeError: If the state is not that of an array.
            ValueError: If type, shape and content do not fit.
        """
        _, shape, dtype, fortran, content = self.state
        kind = _dtype_of(dtype)
        if kind.hasobject:
            return _object_array(shape, content)
        data = _bytes_of(content)
        if len(data) != prod(shape) * kind.itemsize:
            raise ValueError(f'{len(data)} bytes for {shape} of {kind}')
        order: Any = 'F' if fortran else 'C'
        view: np.ndarray = np.ndarray(shape, kind, data, order=order)
        return view.astype(kind.newbyteorder('='))


def _dtype_of(value: Any) -> np.dtype:
    if not isinstance(value, PickledDtype):
        raise TypeError('an array without a type')
    return value.dtype()


def _bytes_of(content: Any) -> bytes:
    """Bytes; Python 2 wrote them as a string, which is read as latin1."""
    if isinstance(content, str):
        return content.encode('latin1')
    return bytes(memoryview(content))


def _object_array(shape: tuple[int, ...], items: Any) -> np.ndarray:
    if not isinstance(items, list) or len(items) != prod(shape):
        raise ValueError(f'the wrong number of objects for shape {shape}')
    array = np.empty(len(items), object)
    for index, item in enumerate(items):
        array[index] = item
    return array.reshape(shape)


def _refuse_call(*_: Any) -> None:
    raise pickle.UnpicklingError('numpy.ndarray is called directly')


_NDARRAY = ProtectedFunction(_refuse_call)
"""Replaces ``numpy.ndarray``, which is only used as an argument."""


def _reconstruct(kind: Any, *_: Any) -> PickledArray:
    """``numpy.core.multiarray._reconstruct``: an array before its state."""
    if kind is not _NDARRAY:
        raise pickle.UnpicklingError(f'{kind} is not a plain array')
    return PickledArray()


def _from_buffer(
    data: Any, dtype: Any, shape: Any, order: Any
) -> PickledArray:
    """``numpy.core.numeric._frombuffer``, used by protocol 5."""
    array = PickledArray()
    array.__setstate__((1, shape, dtype, order == 'F', data))
    return array


def _scalar(dtype: Any, data: Any) -> Any:
    """``numpy.core.multiarray.scalar``: a number or string of numpy."""
    if _dtype_of(dtype).hasobject:
        raise pickle.UnpicklingError('an object scalar is not plain data')
    return _from_buffer(data, dtype, (), 'C').array()[()]


def _encode(text: str, encoding: str = 'latin1') -> bytes:
    """``_codecs.encode``, with which protocol 2 writes bytes."""
    if encoding not in ('latin1', 'latin-1'):
        raise pickle.UnpicklingError(f'codec {encoding!r} is not plain data')
    return text.encode('latin1')


def _empty_bytes() -> bytes:
    """``bytes`` without arguments, as protocols up to 2 write it."""
    return b''


def _plain_names() -> dict[tuple[str, str], Any]:
    scalar, encode = ProtectedFunction(_scalar), ProtectedFunction(_encode)
    reconstruct = ProtectedFunction(_reconstruct)
    from_buffer = ProtectedFunction(_from_buffer)
    table: dict[tuple[str, str], Any] = {
        ('numpy', 'ndarray'): _NDARRAY,
        ('numpy', 'dtype'): PickledDtype,
        ('_codecs', 'encode'): encode,
        ('builtins', 'bytes'): ProtectedFunction(_empty_bytes),
        ('collections', 'OrderedDict'): OrderedDict,
    }
    for core in ('numpy.core', 'numpy._core'):
        table[f'{core}.multiarray', '_reconstruct'] = reconstruct
        table[f'{core}.multiarray', 'scalar'] = scalar
        table[f'{core}.numeric', '_frombuffer'] = from_buffer
    for kind in (set, frozenset, list, dict):
        table['builtins', kind.__name__] = kind
    return table


PLAIN_NAMES = _plain_names()
"""Names that arrays, numbers and containers need, of old and new numpy."""


_CONTAINERS = (list, dict, OrderedDict, set, tuple, frozenset)


def restore_arrays(value: Any) -> Any:
    """Replace pickled arrays in nested containers by arrays.

    Args:
        value: Output of an unpickler; lists, dicts and sets are changed in
            place.

    Returns:
        The value, or its replacement.

    Raises:
        TypeError, ValueError, ...: If an array is broken; see
            :data:`.UNREADABLE`.
    """
    return _restore(value, {})


def _restore(value: Any, done: dict[int, tuple[Any, Any]]) -> Any:
    """As :func:`restore_arrays`; ``done``: id to value and replacement."""
    if isinstance(value, PickledDtype):
        return value.dtype()
    if type(value) not in (PickledArray, *_CONTAINERS):
        return value
    if id(value) in done:
        return done[id(value)][1]
    if type(value) in (tuple, frozenset):
        # A cycle passes through a container that is changed in place.
        new = type(value)([_restore(item, done) for item in value])
        done[id(value)] = value, new
        return new
    new = value.array() if isinstance(value, PickledArray) else value
    done[id(value)] = value, new
    _restore_items(new, done)
    return new


def _restore_items(value: Any, done: dict[int, tuple[Any, Any]]) -> None:
    """Change the items of a container or of an array of objects."""
    if isinstance(value, np.ndarray):
        if value.dtype.hasobject:
            flat = value.reshape(-1)
            for index, item in enumerate(list(flat)):
                flat[index] = _restore(item, done)
    elif isinstance(value, list):
        value[:] = [_restore(item, done) for item in value]
    elif isinstance(value, set):
        items = [_restore(item, done) for item in value]
        value.clear()
        value.update(items)
    else:
        pairs = [
            (_restore(key, done), _restore(item, done))
            for key, item in value.items()
        ]
        value.clear()
        value.update(pairs)
