"""Reads JSON; errors name file and field."""

import json
from pathlib import Path
from typing import Any

import numpy as np

from ...utils import InputError

_REDO = 'run the detector again, or check the file'


def read_json(path: Path) -> Any:
    """Parse a JSON file.

    Raises:
        InputError: If it is missing, truncated or no JSON.
    """
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', 'check the path')
    try:
        return json.loads(path.read_text(encoding='utf-8'))
    except (ValueError, RecursionError) as error:
        raise InputError(
            path, 'file', f'is no whole JSON ({error})', _REDO
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
        item: The value, which must be an object.
        field: The required member.

    Raises:
        InputError: If ``item`` is no object or lacks the field.
    """
    if not isinstance(item, dict):
        raise InputError(path, where, 'is no JSON object', _REDO)
    if field not in item:
        raise InputError(path, f'{where}.{field}', 'is absent', _REDO)
    return item[field]


def take_list(path: Path, where: str, item: Any, field: str) -> list:
    """Like :func:`take` for a member that must be a list."""
    value = take(path, where, item, field)
    if not isinstance(value, list):
        raise InputError(path, f'{where}.{field}', 'is no list', _REDO)
    return value


def to_array(
    path: Path, field: str, value: Any, shape: tuple[int, ...]
) -> np.ndarray:
    """Numbers of a JSON list; ``null`` becomes NaN.

    Args:
        path: The file, for the message.
        field: Place inside the file, for the message.
        value: (Nested) list of numbers.
        shape: Required shape; -1 in front for any length. The list may be
            flat or nested in another way, as long as the count fits.

    Raises:
        InputError: If it holds something else or another count.
    """
    try:
        array = np.asarray(value, np.float32)
        return array.reshape(shape)
    except (ValueError, TypeError) as error:
        raise InputError(
            path,
            field,
            f'is not numbers of shape {list(shape)}',
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
    raise InputError(path, field, f'{value!r} is no identity', _REDO)
