"""Selects the reader of a keypoint file by its content."""

from os import PathLike
from pathlib import Path
from typing import Any

from ...checkpoints.plain_data import read_plain_npz
from ...utils import InputError
from .json_file import list_json, read_json

_FIX = 'give the reader (--reader)'


def guess_reader(path: str | PathLike[str]) -> str:
    """Registered name of the reader for a file or folder.

    Args:
        path: npz or JSON file, or a folder of such files.

    Returns:
        ``'NpzTrackReader'``, ``'HumanDataReader'``, ``'OpenPoseReader'``,
        ``'MMPoseReader'`` or ``'CocoJsonReader'``.

    Raises:
        InputError: If it is missing, unreadable or of an unknown format.
    """
    path = Path(path)
    if path.is_dir():
        if any(path.glob('*.npz')):
            return 'NpzTrackReader'
        first = read_json(list_json(path)[0])
        kind = 'OpenPoseReader' if _has(first, 'people') else 'MMPoseReader'
    elif path.suffix == '.npz':
        data = read_plain_npz(path, _FIX)
        kind = 'NpzTrackReader' if 'schema' in data else 'HumanDataReader'
    else:
        kind = _guess_json(path, read_json(path))
    return kind


def _guess_json(path: Path, data: Any) -> str:
    first = data[0] if isinstance(data, list) and data else None
    if _has(data, 'instance_info') or _has(first, 'instances'):
        return 'MMPoseReader'
    if _has(data, 'annotations') or _has(first, 'image_id'):
        return 'CocoJsonReader'
    if _has(data, 'people'):
        raise InputError(
            path, 'file', 'is one frame of OpenPose', 'give its folder'
        )
    raise InputError(path, 'file', 'has an unknown format', _FIX)


def _has(value: Any, key: str) -> bool:
    return isinstance(value, dict) and key in value
