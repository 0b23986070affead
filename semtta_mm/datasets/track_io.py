"""One npz per track: flat, plain arrays, no pickle (``docs/tracks.md``)."""

import os
from dataclasses import fields
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..conventions import keypoint_names
from ..structures import BodyReference, PersonTrack
from ..utils import InputError, read_npz

SCHEMA = 'semtta_mm/track/1'
"""Value of the field ``schema``; grows when the layout changes."""

_FIX = 'write it again with tools/convert.py, or see docs/tracks.md'
_REQUIRED = (
    'schema',
    'name',
    'frame_ids',
    'fps',
    'boxes',
    'keypoints',
    'scores',
    'convention',
)
_REFERENCE = 'reference_'


def save_track(path: str | PathLike[str], track: PersonTrack) -> Path:
    """Write a track; the file is replaced as a whole.

    Args:
        path: File ending in ``.npz``; its folder is created. The path of the
            video is stored relative to this folder.
        track: The track.

    Returns:
        The file written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    values: dict[str, Any] = {
        'schema': SCHEMA,
        'keypoint_names': list(keypoint_names(track.convention)),
        'video': _relative(track.video, path.parent),
    }
    for item in fields(PersonTrack):
        value = getattr(track, item.name)
        if item.name not in ('video', 'reference') and value is not None:
            values[item.name] = value
    for item in fields(BodyReference) if track.reference else ():
        value = getattr(track.reference, item.name)
        if value is not None:
            values[_REFERENCE + item.name] = value
    draft = path.with_name(f'.{path.name}.{os.getpid()}.tmp')
    try:
        with draft.open('wb') as file:
            np.savez_compressed(file, **values)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def load_track(path: str | PathLike[str]) -> PersonTrack:
    """Read a track.

    Args:
        path: File that :func:`save_track` wrote.

    Returns:
        The track. Its video need not exist.

    Raises:
        InputError: If the file is missing, truncated, of another schema, or
            a field is absent or of a wrong shape, type or value.
    """
    path = Path(path)
    data = read_npz(path, _FIX, _REQUIRED)
    _check_header(path, data)
    values: dict[str, Any] = {
        item.name: _plain(data[item.name])
        for item in fields(PersonTrack)
        if item.name in data
    }
    values['video'] = _absolute(values.get('video', ''), path.parent)
    try:
        values['reference'] = _reference(data)
        return PersonTrack(**values)
    except (ValueError, TypeError) as error:
        name, _, problem = str(error).partition(': ')
        field, problem = (name, problem) if problem else ('file', name)
        raise InputError(path, field, problem, _FIX) from error


def _check_header(path: Path, data: dict[str, np.ndarray]) -> None:
    schema, convention = str(data['schema']), str(data['convention'])
    if schema != SCHEMA:
        raise InputError(path, 'schema', f'{schema!r} is not {SCHEMA!r}', _FIX)
    try:
        names = keypoint_names(convention)
    except ValueError as error:
        raise InputError(path, 'convention', str(error), _FIX) from error
    stored = data.get('keypoint_names')
    if stored is not None and tuple(stored.tolist()) != names:
        raise InputError(
            path,
            'keypoint_names',
            f'are not those of {convention} in this version',
            _FIX,
        )


def _reference(data: dict[str, np.ndarray]) -> BodyReference | None:
    values = {
        key.removeprefix(_REFERENCE): _plain(value)
        for key, value in data.items()
        if key.startswith(_REFERENCE)
    }
    return BodyReference(**values) if values else None


def _plain(value: np.ndarray) -> Any:
    """0-d arrays become Python scalars and strings."""
    return value.item() if value.ndim == 0 else value


def _relative(video: Path | None, folder: Path) -> str:
    if video is None:
        return ''
    try:
        return Path(os.path.relpath(video, folder)).as_posix()
    except ValueError:  # another drive on Windows: no relative path exists
        return Path(video).resolve().as_posix()


def _absolute(video: str, folder: Path) -> Path | None:
    if not video:
        return None
    return Path(os.path.normpath(folder / video))
