"""Reads JSON; errors contain the file and the field."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from ...utils import InputError

_REDO = 'run the detector again, or check the file'


def read_json(path: Path) -> Any:
    """Parse a JSON file.

    Raises:
        InputError: If it is missing, truncated or not JSON.
    """
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', 'check the path')
    try:
        return json.loads(path.read_text(encoding='utf-8'))
    except (ValueError, RecursionError) as error:
        raise InputError(
            path, 'file', f'is not valid JSON ({error})', _REDO
        ) from error


def list_json(folder: Path, pattern: str = '*.json') -> list[Path]:
    """JSON files of a folder, by name.

    Raises:
        InputError: If the folder is missing or has none.
    """
    if not folder.is_dir():
        raise InputError(folder, 'folder', 'does not exist', 'check the path')
    files = sorted(folder.glob(pattern))
    if not files:
        raise InputError(folder, 'folder', f'has no {pattern}', _REDO)
    return files


def take(path: Path, where: str, item: Any, field: str) -> Any:
    """``item[field]`` of a JSON object.

    Args:
        path: The file, for the message.
        where: Place inside the file, for the message.
        item: The JSON object.
        field: Name of the required member.

    Raises:
        InputError: If ``item`` is not an object or lacks the field.
    """
    if not isinstance(item, dict):
        raise InputError(path, where, 'is not a JSON object', _REDO)
    if field not in item:
        raise InputError(path, f'{where}.{field}', 'is absent', _REDO)
    return item[field]


def take_list(path: Path, where: str, item: Any, field: str) -> list:
    """Like :func:`take` for a member that must be a list."""
    value = take(path, where, item, field)
    if not isinstance(value, list):
        raise InputError(path, f'{where}.{field}', 'is not a list', _REDO)
    return value


def to_array(
    path: Path, field: str, value: Any, shape: tuple[int, ...]
) -> np.ndarray:
    """Numbers of a JSON list; ``null`` becomes NaN.

    Args:
        path: The file, for the message.
        field: Place inside the file, for the message.
        value: (Nested) list of numbers.
        shape: Required shape; a leading -1 for any length. The list may be
            flat or nested in another way if the count matches.

    Raises:
        InputError: If it contains other values or another number of them.
    """
    try:
        array = np.asarray(value, np.float32)
        return array.reshape(shape)
    except (ValueError, TypeError) as error:
        raise InputError(
            path,
            field,
            f'is not an array of numbers of shape {list(shape)}',
            _REDO,
        ) from error


def identity(path: Path, field: str, value: Any) -> int | str | None:
    """Identity of a person; absent, ``-1`` and ``[-1]`` mean none.

    Raises:
        InputError: If it is neither a number nor a string.
    """
    if isinstance(value, list) and len(value) <= 1:
        value = value[0] if value else None
    if value is None or value == -1 or value == '':
        return None
    if isinstance(value, str | int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    raise InputError(path, field, f'{value!r} is not an identity', _REDO)
