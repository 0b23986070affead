"""Reads npz files with pickled members without running what they hold.

``np.load(allow_pickle=True)`` runs any code that a file names. HumanData
files hold dicts of arrays as pickled members, so they are unpickled here by
a reader that knows arrays, numbers, strings and containers, and nothing else.
"""

import pickle
import zipfile
import zlib
from collections import OrderedDict
from collections.abc import Callable
from os import PathLike
from pathlib import Path
from typing import IO, Any

import numpy as np

from ..utils import InputError

_UNREADABLE = (
    OSError,
    EOFError,
    ValueError,
    TypeError,
    AttributeError,
    IndexError,
    KeyError,
    pickle.UnpicklingError,
)
"""What unpickling a broken file may raise."""


def _latin1(text: str, encoding: str = 'latin1') -> bytes:
    """How pickle protocol 2 writes bytes; no other codec is run."""
    if encoding.replace('-', '').lower() != 'latin1':
        raise pickle.UnpicklingError(f'codec {encoding} is not plain data')
    return text.encode('latin1')


def _allowed() -> dict[tuple[str, str], Callable | type]:
    """Global names that plain data needs, old and new numpy."""
    table: dict[tuple[str, str], Callable | type] = {
        ('numpy', 'ndarray'): np.ndarray,
        ('numpy', 'dtype'): np.dtype,
        ('collections', 'OrderedDict'): OrderedDict,
        ('_codecs', 'encode'): _latin1,
    }
    for core in ('numpy.core', 'numpy._core'):
        table |= {
            (f'{core}.multiarray', '_reconstruct'): _reconstruct,
            (f'{core}.multiarray', 'scalar'): _scalar,
        }
    return table


def _reconstruct(kind: type, shape: tuple, code: Any) -> np.ndarray:
    """An empty array that ``__setstate__`` fills."""
    if kind is not np.ndarray:
        raise pickle.UnpicklingError(f'{kind} is no plain array')
    return np.ndarray(shape, np.dtype(code))


def _scalar(dtype: np.dtype, data: bytes) -> Any:
    """A numpy number; object scalars are refused."""
    if dtype.hasobject:
        raise pickle.UnpicklingError('an object scalar is not plain data')
    return np.frombuffer(data, dtype)[0]


class PlainUnpickler(pickle.Unpickler):
    """Unpickles arrays, numbers, strings and containers only."""

    def find_class(self, module: str, name: str) -> Any:
        """Resolve a global name of the file.

        Raises:
            pickle.UnpicklingError: If it is not on the list.
        """
        found = _allowed().get((module, name))
        if found is None:
            raise pickle.UnpicklingError(f'{module}.{name} is not plain data')
        return found


def read_plain_pickle(path: str | PathLike[str], fix: str) -> dict[str, Any]:
    """Read a pickled dict of plain data.

    Args:
        path: The file; of Python 2 as well.
        fix: What the user can do about a bad file.

    Raises:
        InputError: If the file is missing, truncated, no dict, or holds
            anything but plain data.
    """
    path = Path(path)
    try:
        with path.open('rb') as file:
            content = PlainUnpickler(file, encoding='latin1').load()
    except _UNREADABLE as error:
        raise InputError(
            path, 'file', f'cannot be read ({error})', fix
        ) from error
    if not isinstance(content, dict):
        raise InputError(path, 'file', 'is no dict', fix)
    return content


def read_plain_npz(path: str | PathLike[str], fix: str) -> dict[str, Any]:
    """Read an npz whose members may be pickled plain data.

    Args:
        path: The file.
        fix: What the user can do about a bad file.

    Returns:
        Name to array; pickled 0-d members as what they hold (a dict, ...).

    Raises:
        InputError: If the file is missing or truncated, or a member holds
            anything but plain data, naming it.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', fix)
    field, values = 'file', {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                field = member.removesuffix('.npy')
                with archive.open(member) as file:
                    values[field] = _read_member(file)
    except (*_UNREADABLE, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(
            path, field, f'cannot be read ({error})', fix
        ) from error
    return values


def _read_member(file: IO[bytes]) -> Any:
    """One npy member: plain arrays by numpy, pickled ones by us."""
    version = np.lib.format.read_magic(file)
    read_header = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    shape, fortran, dtype = read_header(file)
    if dtype.hasobject:
        value = PlainUnpickler(file, encoding='latin1').load()
        value = np.asarray(value, dtype=object).reshape(shape)
        return value.item() if shape == () else value
    count = int(np.prod(shape, dtype=np.int64))
    data = file.read(count * dtype.itemsize)
    array = np.frombuffer(data, dtype, count).copy()
    return array.reshape(shape, order='F' if fortran else 'C')
