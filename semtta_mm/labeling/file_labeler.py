"""Labels from ``labels.json`` (docs/tracks.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, fields
from os import PathLike
from pathlib import Path
from typing import Any

from ..registry import TASK_UTILS
from ..structures import PersonTrack
from ..utils import InputError
from ..utils.required_files import RequiredFile, path_exists
from .base import BaseLabeler
from .spans import LabelSpan

_ASSETS = Path(__file__).parents[1] / 'assets'
_SHIPPED = 'pose2sim'
_FIX = (
    'write a list of {"start": frame, "end": frame after the last, "text": '
    '"the action"}'
)


def read_labels(path: str | PathLike[str]) -> list[LabelSpan]:
    """Read a label file.

    Args:
        path: The JSON.

    Raises:
        InputError: If it is missing, no such list, or a span is empty; names
            the entry.
    """
    path = Path(path)
    try:
        rows = json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError) as error:
        raise InputError(
            path, 'file', f'cannot be read ({error})', _FIX
        ) from (error)
    if not isinstance(rows, list):
        raise InputError(path, 'file', 'is no list', _FIX)
    return [_span(path, i, row) for i, row in enumerate(rows)]


def _span(path: Path, number: int, row: Any) -> LabelSpan:
    field = f'[{number}]'
    if not isinstance(row, dict):
        raise InputError(path, field, 'is no object', _FIX)
    for name, kind in (('start', int), ('end', int), ('text', str)):
        if not isinstance(row.get(name), kind):
            problem = f'is {row.get(name)!r}, no {kind.__name__}'
            raise InputError(path, f'{field}.{name}', problem, _FIX)
    if row['end'] <= row['start']:
        raise InputError(path, f'{field}.end', 'is not after start', _FIX)
    known = {item.name for item in fields(LabelSpan)}
    return LabelSpan(**{k: v for k, v in row.items() if k in known})


def write_labels(
    path: str | PathLike[str], spans: Sequence[LabelSpan]
) -> None:
    """Write a label file that :func:`read_labels` reads."""
    rows = [asdict(span) for span in spans]
    Path(path).write_text(json.dumps(rows, indent=2) + '\n', encoding='utf-8')


@TASK_UTILS.register_module()
class FileLabeler(BaseLabeler):
    """Labels from files.

    Args:
        path: A label file for all tracks, or a folder that holds
            ``{track}.json`` or ``{track}/labels.json``; or ``'pose2sim'``,
            the labels of the demo's tracks, which were written by hand.
    """

    required_files = (
        RequiredFile(
            'path',
            'text labels',
            'one TRACK.json a track, see docs/tracks.md; --text or --labels '
            'gives others',
            lambda path, _: path == _SHIPPED or path_exists(path),
        ),
    )

    def __init__(self, path: str | PathLike[str]) -> None:
        shipped = _ASSETS / _SHIPPED / 'labels.json'
        self.path = shipped if path == _SHIPPED else Path(path)

    def __call__(self, track: PersonTrack) -> list[LabelSpan]:
        """The track's spans.

        Raises:
            InputError: If there is no file for the track, or it is bad.
        """
        self.check([track.name])
        return read_labels(self._file(track.name) or self.path)

    def check(self, names: Sequence[str]) -> None:
        """Every track has a file.

        Args:
            names: Of the tracks.

        Raises:
            InputError: Listing all that have none.
        """
        absent = [name for name in names if self._file(name) is None]
        if absent and self.path.is_dir():
            fix = f'write {absent[0]}.json into this folder'
            raise InputError(
                self.path, ', '.join(absent), 'has no labels', fix
            )
        if absent:
            raise InputError(self.path, 'file', 'does not exist', _FIX)

    def _file(self, name: str) -> Path | None:
        files = [self.path]
        if self.path.is_dir():
            files = [
                self.path / f'{name}.json',
                self.path / name / 'labels.json',
            ]
        return next((path for path in files if path.is_file()), None)
