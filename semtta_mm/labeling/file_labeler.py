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
from .spans import LabelSpan

ASSETS = Path(__file__).parents[1] / 'assets'

_FIX = (
    'write a list of {"start": frame, "end": frame after the last, "text": '
    '"what the person does"}'
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
class FileLabeler:
    """Labels that somebody wrote down.

    Args:
        path: A label file for all tracks, or a folder that holds
            ``{track}.json`` or ``{track}/labels.json``; or ``'pose2sim'``,
            the labels of the demo's tracks, which were written by hand.
    """

    def __init__(self, path: str | PathLike[str]) -> None:
        shipped = ASSETS / f'{path}' / 'labels.json'
        self.path = shipped if path == 'pose2sim' else Path(path)

    def __call__(self, track: PersonTrack) -> list[LabelSpan]:
        """The track's spans.

        Raises:
            InputError: If there is no file for the track, or it is bad.
        """
        if not self.path.is_dir():
            return read_labels(self.path)
        for path in (
            self.path / f'{track.name}.json',
            self.path / track.name / 'labels.json',
        ):
            if path.is_file():
                return read_labels(path)
        raise InputError(
            self.path,
            track.name,
            'has no labels',
            f'write {track.name}.json into this folder',
        )
