"""Labels from ``labels.json`` (docs/tracks.md)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from os import PathLike
from pathlib import Path

from ..registry import TASK_UTILS
from ..structures import PersonTrack
from ..utils import InputError
from ..utils.required_files import RequiredFile, path_exists
from .base import BaseLabeler
from .spans import LABELS_FIX, LabelSpan, parse_spans

_ASSETS = Path(__file__).parents[1] / 'assets'
_SHIPPED = 'pose2sim'


def read_labels(path: str | PathLike[str]) -> list[LabelSpan]:
    """Read a label file.

    Args:
        path: The JSON.

    Raises:
        InputError: If it is missing, no list of spans, or a span is empty;
            names the entry.
    """
    path = Path(path)
    try:
        rows = json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError) as error:
        raise InputError(
            path, 'file', f'cannot be read ({error})', LABELS_FIX
        ) from (error)
    return parse_spans(path, rows)


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

    any_track = False
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
        """Check that every track has a file.

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
            raise InputError(self.path, 'file', 'does not exist', LABELS_FIX)

    def _file(self, name: str) -> Path | None:
        files = [self.path]
        if self.path.is_dir():
            files = [
                self.path / f'{name}.json',
                self.path / name / 'labels.json',
            ]
        return next((path for path in files if path.is_file()), None)
