"""Formats by name, and a person's files in several of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..registry import FUNCTIONS
from ..utils import InputError
from ..utils.files import write_atomically
from .result_file import SCHEMA_VERSION
from .track import ExportTrack, Writer

MANIFEST = 'export.json'
_PREFIX = 'write_'


def formats() -> tuple[str, ...]:
    """Names of all formats, of this package and of others.

    A format ``x`` is a function ``write_x(track, folder) -> path`` that is
    registered in ``semtta_mm.registry.FUNCTIONS``.
    """
    FUNCTIONS.import_from_location()
    names = [n for n in FUNCTIONS.module_dict if n.startswith(_PREFIX)]
    return tuple(sorted(name.removeprefix(_PREFIX) for name in names))


def find_writer(name: str) -> Writer:
    """The writer of a format.

    Args:
        name: Of the format.

    Raises:
        InputError: If there is none; the message lists all.
    """
    if name not in formats():
        fix = f'choose of {", ".join(formats())}'
        raise InputError('--save', name, 'is no format', fix)
    writer: Writer = FUNCTIONS.module_dict[_PREFIX + name]
    return writer


def check_formats(names: Sequence[str]) -> None:
    """Refuse unknown formats, before any work is done.

    Args:
        names: Of formats.

    Raises:
        InputError: See :func:`find_writer`.
    """
    for name in names:
        find_writer(name)


def export_track(
    track: ExportTrack, folder: Path, names: Sequence[str]
) -> dict[str, Path]:
    """Write a person's files, and ``export.json`` that describes them.

    Args:
        track: The person.
        folder: Of the person; it is made if need be.
        names: Of formats.

    Returns:
        Format to its file or folder.

    Raises:
        InputError: If a format is unknown; nothing is written then.
    """
    check_formats(names)
    folder.mkdir(parents=True, exist_ok=True)
    written = {name: find_writer(name)(track, folder) for name in names}
    text = json.dumps(_manifest(track, folder, written), indent=2)
    write_atomically(
        folder / MANIFEST, lambda draft: draft.write_text(text + '\n')
    )
    return written


def _manifest(
    track: ExportTrack, folder: Path, written: dict[str, Path]
) -> dict[str, Any]:
    motion = track.motion
    axes = 'x right, y up, z towards the camera; origin: the camera'
    if track.world:
        axes = (
            'x right, y up, z towards the camera, level; origin: on the '
            'floor below the camera'
        )
    return {
        'schema_version': SCHEMA_VERSION,
        'person': track.result.name,
        'files': {
            name: path.relative_to(folder).as_posix()
            for name, path in written.items()
        },
        'axes': axes,
        'units': 'm',
        'body': 'open' if track.body.is_open else 'smpl',
        'rate': motion.rate,
        'first_frame': int(motion.frame_ids[0]),
        'frames': len(motion),
        'interpolated_frames': motion.frame_ids[motion.interpolated].tolist(),
    }
