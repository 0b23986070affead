"""Reads npz files with pickled members without running code of theirs.

``np.load(allow_pickle=True)`` runs any code that a file names. HumanData
files hold dicts of arrays as pickled members, so they are unpickled here by
a reader that accepts arrays, numbers, strings and containers only.
"""

import zipfile
import zlib
from os import PathLike
from pathlib import Path
from typing import IO, Any

import numpy as np

from ..utils import InputError
from .pickled_arrays import PLAIN_NAMES, restore_arrays
from .unpickler import UNREADABLE, Policy, RestrictedUnpickler, describe_error

_POLICY = Policy(PLAIN_NAMES)
"""Arrays, numbers, strings and containers; all other names are refused."""


def read_plain_pickle(path: str | PathLike[str], fix: str) -> dict[str, Any]:
    """Read a pickled dict of plain data.

    Args:
        path: The file, written by Python 2 or 3.
        fix: What the user can do about a bad file.

    Raises:
        InputError: If the file is missing, truncated, not a dict, or
            contains anything but plain data.
    """
    path = Path(path)
    try:
        with path.open('rb') as file:
            content = _unpickle(file)
    except UNREADABLE as error:
        raise InputError(path, 'file', describe_error(error), fix) from error
    if not isinstance(content, dict):
        raise InputError(path, 'file', 'is not a dict', fix)
    return content


def read_plain_npz(path: str | PathLike[str], fix: str) -> dict[str, Any]:
    """Read an npz whose members may be pickled plain data.

    Args:
        path: The file.
        fix: What the user can do about a bad file.

    Returns:
        Name to array; for pickled 0-d members their item (a dict, ...).

    Raises:
        InputError: If the file is missing or truncated, or a member
            contains anything but plain data; gives its name.
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
    except (*UNREADABLE, zipfile.BadZipFile, zlib.error) as error:
        raise InputError(path, field, describe_error(error), fix) from error
    return values


def _unpickle(file: IO[bytes]) -> Any:
    unpickler = RestrictedUnpickler(file, _POLICY, encoding='latin1')
    return restore_arrays(unpickler.load())


def _read_member(file: IO[bytes]) -> Any:
    """One npy member, plain or pickled."""
    version = np.lib.format.read_magic(file)
    read_header = (
        np.lib.format.read_array_header_1_0
        if version == (1, 0)
        else np.lib.format.read_array_header_2_0
    )
    shape, fortran, dtype = read_header(file)
    if dtype.hasobject:
        value = np.asarray(_unpickle(file), dtype=object).reshape(shape)
        return value.item() if shape == () else value
    count = int(np.prod(shape, dtype=np.int64))
    data = file.read(count * dtype.itemsize)
    array = np.frombuffer(data, dtype, count).copy()
    return array.reshape(shape, order='F' if fortran else 'C')
