"""CMU's subjects 01 to 03, as the library publishes them: asf and amc files.

CMU's files contain no labels. The spans below were chosen on rendered frames,
starting from CMU's public index (01 playground; 02 walk, run, jump, punch,
scoop up, swordplay, wash; 03 walk on uneven terrain). What is in no span
(climbing, hanging, swinging, swordplay, ...) has no entry in the open
dictionary; it is kept, without a label.
"""

from __future__ import annotations

import re
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np

from ...training_data import MotionClip
from ...utils import InputError
from .asf_amc import read_asf_amc

SOURCE = 'cmu_subjects'
"""``MotionClip.source`` of these clips."""

FPS = 30.0
"""Rate of the clips; the files have 120 Hz."""

MIN_SECONDS = 1.0
"""Shorter rests between labelled spans are left out."""

Span = tuple[float, float, str]
"""Start and end in seconds, and the label; the end may be infinite."""

END = float('inf')

SPANS: Mapping[str, tuple[Span, ...]] = MappingProxyType(
    {
        '01_01': (
            (1.0, 7.4, 'jump'),
            (7.9, 9.9, 'turn around'),
            (9.9, 15.5, 'jump'),
            (15.8, 17.4, 'turn around'),
            (17.6, END, 'jump'),
        ),
        '01_02': (
            (0.9, 3.2, 'walk'),
            (10.9, 14.5, 'walk'),
            (21.9, 25.4, 'walk'),
        ),
        '01_03': ((0.0, 2.3, 'walk'),),
        '01_04': (
            (1.0, 4.6, 'walk'),
            (15.3, 21.2, 'walk'),
            (33.2, END, 'walk'),
        ),
        '01_05': ((0.8, 3.2, 'walk'), (25.1, 27.2, 'walk')),
        '01_06': (
            (0.0, 2.4, 'walk'),
            (12.6, 15.0, 'walk'),
            (25.6, 30.8, 'walk'),
            (40.0, END, 'walk'),
        ),
        '01_07': ((11.9, 15.0, 'walk'), (24.6, 29.2, 'walk')),
        '01_08': ((0.0, 2.6, 'walk'),),
        '01_09': ((0.0, 2.6, 'walk'),),
        '01_11': (
            (0.3, 2.8, 'walk'),
            (14.2, 16.3, 'walk'),
            (25.0, 28.0, 'walk'),
            (36.5, END, 'walk'),
        ),
        '01_12': ((11.4, 14.0, 'walk'),),
        '02_01': ((0.0, END, 'walk'),),
        '02_02': ((0.0, END, 'walk'),),
        '02_03': ((0.0, END, 'run'),),
        '02_04': ((0.0, 2.4, 'jump'), (2.4, END, 'stand')),
        '02_05': ((0.4, 14.0, 'punch'), (14.2, END, 'stand')),
        '02_06': (
            (1.7, 3.2, 'reach up'),
            (4.6, 5.9, 'reach up'),
            (7.2, 8.6, 'reach up'),
            (17.2, END, 'stand'),
        ),
        '02_10': (
            (0.5, 2.2, 'bend forward'),
            (5.8, 7.5, 'bend forward'),
            (8.5, 10.2, 'bend forward'),
        ),
        '03_01': ((0.0, END, 'walk'),),
        # It begins with half a second of a T-pose.
        '03_02': ((0.5, END, 'walk'),),
        '03_03': ((0.0, END, 'walk'),),
        '03_04': ((0.0, END, 'walk'),),
    }
)
"""Trial to its labelled spans, in order."""

_FIX = "give CMU's subjects: a folder or a tar file of .asf and .amc files"
_FILE = re.compile(r'\d+(_\d+\.amc|\.asf)')


def read_cmu_subjects(
    path: Path,
    rest_joints: np.ndarray,
    wanted: Callable[[str], bool] = lambda trial: True,
    spans: Mapping[str, tuple[Span, ...]] = SPANS,
) -> list[MotionClip]:
    """Read trials, cut into spans, at :data:`FPS`.

    Args:
        path: Folder, searched with its sub-folders, or tar file (any
            compression) of ``01.asf``, ``01_02.amc``, ...
        rest_joints: SMPL's rest joints ``[24, 3]``, m.
        wanted: Whether to read a trial, from its name, e.g. ``'02_01'``.
        spans: Trial to labelled spans. Other trials, and the rests of at
            least :data:`MIN_SECONDS`, give clips without a label.

    Returns:
        Clips named ``cmu_subjects/trial/start``, the start in seconds, in
        order of time.

    Raises:
        InputError: If the path contains no trial, or a file is broken.
    """
    with _folder(path) as folder:
        files = sorted(folder.rglob('*.amc'), key=lambda file: file.name)
        if not files:
            raise InputError(path, 'file', 'contains no .amc file', _FIX)
        return [
            clip
            for amc in files
            if wanted(amc.stem)
            for clip in _read_trial(amc, rest_joints, spans)
        ]


def split_spans(seconds: float, spans: tuple[Span, ...]) -> list[Span]:
    """Labelled spans and, with label ``''``, the rests between them.

    Args:
        seconds: Duration of the trial; spans end there at the latest.
        spans: Labelled spans in order, which do not overlap.
    """
    out: list[Span] = []
    at = 0.0
    for start, end, label in (*spans, (seconds, seconds, '')):
        if start - at >= MIN_SECONDS:
            out.append((at, start, ''))
        if label:
            out.append((start, min(end, seconds), label))
        at = end
    return out


def _read_trial(
    amc: Path,
    rest_joints: np.ndarray,
    spans: Mapping[str, tuple[Span, ...]],
) -> Iterator[MotionClip]:
    asf = amc.with_name(f'{amc.stem.split("_")[0]}.asf')
    trial = read_asf_amc(asf, amc, rest_joints, label='')
    for start, end, label in split_spans(
        trial.seconds, spans.get(amc.stem, ())
    ):
        first, last = (round(at * trial.fps) for at in (start, end))
        part = replace(
            trial,
            name=f'{SOURCE}/{amc.stem}/{start:.1f}',
            label=label,
            source=SOURCE,
            pose=trial.pose[first:last],
        )
        yield part.resampled(FPS)


@contextmanager
def _folder(path: Path) -> Iterator[Path]:
    """The folder itself, or a temporary one with the files of an archive."""
    if path.is_dir():
        yield path
        return
    if not path.is_file():
        raise InputError(path, 'file', 'does not exist', 'check the path')
    with tempfile.TemporaryDirectory() as name:
        _unpack(path, Path(name))
        yield Path(name)


def _unpack(path: Path, folder: Path) -> None:
    """Write regular asf and amc files by their own names, without folders.

    Paths and links of the archive are not used, so nothing is written
    outside the folder.
    """
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                name = member.name.rsplit('/', 1)[-1]
                file = archive.extractfile(member) if member.isreg() else None
                if file is not None and _FILE.fullmatch(name):
                    (folder / name).write_bytes(file.read())
    except (tarfile.TarError, EOFError, OSError) as error:
        problem = f'is not a readable tar archive: {error}'
        raise InputError(path, 'file', problem, _FIX) from error
