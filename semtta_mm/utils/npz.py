"""Reading npz files without pickle, with errors that name the field."""

import zipfile
import zlib
from collections.abc import Iterable
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .errors import InputError


def read_npz(
    path: str | PathLike[str], fix: str, required: Iterable[str] = ()
) -> dict[str, NDArray[Any]]:
    """Read every array of an npz file.

    Args:
        path: The file.
        fix: What the user can do about a bad file.
        required: Fields that must be present.

    Returns:
        Name to array.

    Raises:
        InputError: If the file is missing, truncated, holds pickled objects
            or lacks a required field.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', fix)
    field = 'file'
    try:
        data = np.load(path, allow_pickle=False)
        if not isinstance(data, np.lib.npyio.NpzFile):
            raise ValueError('it is a single array, not an npz')
        arrays = {}
        with data:
            for field in data.files:
                arrays[field] = data[field]
    except (
        OSError,
        ValueError,
        EOFError,
        zipfile.BadZipFile,
        zlib.error,
    ) as error:
        raise InputError(
            path, field, f'cannot be read ({error})', fix
        ) from error
    for name in required:
        if name not in arrays:
            raise InputError(path, name, 'is absent', fix)
    return arrays
