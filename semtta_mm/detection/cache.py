"""Cache of detections on disk."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import fields
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..conventions import keypoint_names
from ..datasets.video import list_images, video_info
from ..utils import InputError, read_npz
from ..utils.digest import settings_digest
from ..utils.files import file_sha256
from .base import Detector2D, Progress
from .frames import checked_slice
from .result import DetectionResult

SCHEMA = 'semtta_mm/detection/1'
"""Value of the field ``schema``; its number grows with the layout."""

_FIX = 'delete the file, it will be written again'
_OPTIONAL = ('world',)


def save_result(
    path: str | PathLike[str], result: DetectionResult, key: str = ''
) -> Path:
    """Write a result atomically.

    Args:
        path: File ending in ``.npz``; its folder is created if missing.
        result: The detections.
        key: From :func:`cache_key`; empty for a file outside the cache.

    Returns:
        The file written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {item.name: getattr(result, item.name) for item in fields(result)}
    values = {k: v for k, v in values.items() if v is not None}
    draft = path.with_name(f'.{path.name}.{os.getpid()}.tmp')
    try:
        with draft.open('wb') as file:
            np.savez_compressed(file, schema=SCHEMA, key=key, **values)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def load_result(
    path: str | PathLike[str], key: str | None = None
) -> DetectionResult:
    """Read a result.

    Args:
        path: File written by :func:`save_result`.
        key: Required key; None accepts any.

    Raises:
        InputError: If the file is missing, truncated, of another schema or
            key, or a field is absent or of a wrong shape or value.
    """
    path = Path(path)
    names = [item.name for item in fields(DetectionResult)]
    required = [name for name in names if name not in _OPTIONAL]
    data = read_npz(path, _FIX, ['schema', 'key', *required])
    for field, want in (('schema', SCHEMA), ('key', key)):
        found = str(data[field])
        if want is not None and found != want:
            raise InputError(path, field, f'{found!r} is not {want!r}', _FIX)
    values: dict[str, Any] = {k: data[k] for k in names if k in data}
    field = 'file'
    try:
        for field, convert in _PLAIN.items():
            values[field] = convert(values[field])
        field = 'file'
        return DetectionResult(**values)
    except (ValueError, TypeError) as error:
        problem = str(error)
        if field == 'file' and ': ' in problem:
            field, _, problem = problem.partition(': ')
        raise InputError(path, field, problem, _FIX) from error


def _convention(value: np.ndarray) -> str:
    keypoint_names(str(value))
    return str(value)


def _size(value: np.ndarray) -> tuple[int, int]:
    width, height = value.tolist()
    return int(width), int(height)


_PLAIN: dict[str, Callable[[np.ndarray], Any]] = {
    'source': str,
    'convention': _convention,
    'fps': float,
    'image_size': _size,
}
"""Fields that are not arrays, and their conversions from npz."""


def cache_key(
    video: Path,
    settings: Mapping[str, Any],
    frames: slice | None = None,
    fps: float | None = None,
) -> str:
    """Fingerprint of all inputs of a result.

    Args:
        video: Video file or folder of images. A file is identified by its
            content, so a copy is the same; a folder by its images' names,
            sizes and times of modification.
        settings: Settings of the detector.
        frames: Processed frames.
        fps: Given rate, or None.

    Returns:
        SHA-256, hexadecimal.

    Raises:
        InputError: If the video does not exist.
    """
    wanted = checked_slice(frames)
    parts = {
        'schema': SCHEMA,
        'video': video_fingerprint(video),
        'settings': dict(settings),
        'frames': [wanted.start, wanted.stop, wanted.step],
        'fps': fps,
        **_corrections(video),
    }
    return settings_digest(parts)


def _corrections(video: Path) -> dict[str, Any]:
    """Rotation and rate, where they are not what OpenCV gives by itself.

    Older results, which ignored them, are then not used; the keys of all
    other videos are as before.
    """
    try:
        info = video_info(video)
    except InputError:
        return {}
    found: dict[str, Any] = {}
    if info.rotation:
        found['rotation'] = info.rotation
    if info.fps != info.stated_fps:
        found['measured_fps'] = info.fps
    return found


def video_fingerprint(video: Path) -> str:
    """SHA-256 of a file's content or of a folder's listing.

    Raises:
        InputError: If it does not exist, or the folder has no image.
    """
    if video.is_dir():
        listing = [
            (path.name, path.stat().st_size, path.stat().st_mtime_ns)
            for path in list_images(video)
        ]
        return settings_digest(listing)
    return file_hash(video)


def file_hash(path: Path) -> str:
    """SHA-256 of the content of a file that the user names.

    Raises:
        InputError: If it does not exist.
    """
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', 'check the path')
    return file_sha256(path)


def detect_cached(
    detector: Detector2D,
    video: Path,
    folder: Path,
    frames: slice | None = None,
    progress: Progress | None = None,
    fps: float | None = None,
) -> DetectionResult:
    """Detect, or read earlier detections with the same settings.

    Args:
        detector: The detector; not run if the result exists.
        video: Video file or folder of images.
        folder: Folder of the cache, with files ``{video}_{key}.npz``.
        frames: See :meth:`Detector2D.detect`.
        progress: See :meth:`Detector2D.detect`.
        fps: See :meth:`Detector2D.detect`.

    Raises:
        InputError: If the video or the cached file is invalid.
    """
    key = cache_key(video, detector.settings(), frames, fps)
    path = folder / f'{video.stem}_{key[:16]}.npz'
    if path.is_file():
        return load_result(path, key)
    result = detector.detect(video, frames, progress, fps)
    save_result(path, result, key)
    return result
