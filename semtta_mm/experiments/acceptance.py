"""Whether a test set can show what it is made for, before any method runs.

The network alone, 2D with smoothing, exact 2D of visible keypoints, true 2D
and true hidden rotations: no text, no prior of motions and no lifter is
involved.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..datasets.readers.test_set import TEST_SET_FIX, TestSetReader
from ..setup_env import register_all_modules
from ..structures import PersonTrack
from ..utils import InputError
from .evidence_check import evidence_values
from .evidence_worth import EVIDENCE, Values, worth
from .execute import METRICS as METRICS_FILE
from .execute import execute_all
from .plan import Run


@dataclass(frozen=True)
class Criterion:
    """A range that a value of the whole set must be in.

    Attributes:
        name: Of the value.
        meaning: In words, with the unit.
        low: Least value.
        high: Greatest value.
    """

    name: str
    meaning: str
    low: float
    high: float

    def met(self, value: float | None) -> bool:
        """Whether a value is known and in the range."""
        return value is not None and self.low <= value <= self.high


CRITERIA = (
    Criterion('missing', 'share of missing keypoints', 0.1, 0.4),
    Criterion(
        'root_shown_deg',
        'constant root error where the person is shown, un-adapted, deg',
        0,
        10,
    ),
    Criterion(
        'exact_2d_worth',
        'worth of exact 2D of visible keypoints, mm of MPJPE',
        10,
        25,
    ),
    Criterion(
        'hidden_worth',
        'worth of true hidden rotations, share of the unobserved error',
        0.25,
        1,
    ),
)


def variants_in(folder: Path) -> tuple[str, ...]:
    """Variants of a finished test set.

    Raises:
        InputError: If the manifest is missing or not complete.
    """
    path = folder / 'manifest.json'
    try:
        manifest: Any = json.loads(path.read_text(encoding='utf-8'))
        return tuple(manifest['variants'])
    except (OSError, ValueError, KeyError, TypeError) as error:
        problem = f'cannot be read, or is not complete ({error!r})'
        raise InputError(path, 'variants', problem, TEST_SET_FIX) from error


def check_runs(
    folder: Path, config: Path, variants: tuple[str, ...], seed: int = 0
) -> tuple[Run, ...]:
    """2D with smoothing: with each kind of :data:`EVIDENCE`."""
    return tuple(
        Run(row, config, folder.name, folder, seed, {}, 'right', row, variants)
        for row in EVIDENCE
    )


@dataclass(frozen=True)
class Measured:
    """What was measured on test sets.

    Attributes:
        tracks: Variant to folder to tracks.
        before: Track to the errors of the un-adapted network.
        after: Kind of evidence to track to its errors after adaptation.
    """

    tracks: dict[str, dict[Path, list[PersonTrack]]]
    before: dict[str, Values]
    after: dict[str, dict[str, Values]]

    def rows(self) -> dict[str, Values]:
        """The values of each variant and of ``all``."""
        every: dict[Path, list[PersonTrack]] = {}
        for chosen in self.tracks.values():
            for folder, tracks in chosen.items():
                every[folder] = every.get(folder, []) + tracks
        return {
            name: self._row(chosen)
            for name, chosen in (self.tracks | {'all': every}).items()
        }

    def _row(self, chosen: dict[Path, list[PersonTrack]]) -> Values:
        names = [track.name for found in chosen.values() for track in found]
        return evidence_values(chosen) | worth(self.before, self.after, names)


def check_test_sets(
    folders: Sequence[Path],
    config: Path,
    work_dir: Path,
    workers: int,
    done: Callable[[Run], None],
) -> dict[str, Any]:
    """All values of the acceptance.

    Args:
        folders: Of the test sets; they have the same variants and different
            clips.
        config: 2D with smoothing.
        work_dir: Of the three runs of each set; finished ones are kept.
        workers: Processes.
        done: Called after each run.

    Returns:
        ``sets``, by name: ``variants``, the values of each and of ``all``;
        ``variants``, the same of the sets together; ``criteria``, each with
        value, range and whether the sets together meet it.

    Raises:
        InputError: If a file is missing or wrong.
    """
    register_all_modules()
    found = [measure(f, config, work_dir, workers, done) for f in folders]
    rows = together(found).rows()
    return {
        'config': config.name,
        'sets': {
            folder.name: {'variants': one.rows()}
            for folder, one in zip(folders, found, strict=True)
        },
        'variants': rows,
        'criteria': judged(rows['all']),
    }


def measure(
    folder: Path,
    config: Path,
    work_dir: Path,
    workers: int,
    done: Callable[[Run], None],
) -> Measured:
    """Run what is needed on one set; see :func:`check_test_sets`."""
    variants = variants_in(folder)
    runs = check_runs(folder, config, variants)
    execute_all(runs, work_dir, workers, done)
    before = _errors(runs[0], work_dir, 'before')
    after = {run.evidence: _errors(run, work_dir, 'after') for run in runs}
    tracks = {v: {folder: TestSetReader(folder, (v,))()} for v in variants}
    return Measured(tracks, before, after)


def together(found: Sequence[Measured]) -> Measured:
    """What was measured on several sets as on one."""
    tracks: dict[str, dict[Path, list[PersonTrack]]] = {}
    whole = Measured(tracks, {}, {name: {} for name in EVIDENCE})
    for one in found:
        for variant, chosen in one.tracks.items():
            tracks.setdefault(variant, {}).update(chosen)
        whole.before.update(one.before)
        for name, errors in one.after.items():
            whole.after[name].update(errors)
    return whole


def judged(values: Values) -> list[dict[str, Any]]:
    """Each criterion with its value and whether it is met."""
    return [
        {
            'name': c.name,
            'meaning': c.meaning,
            'value': values[c.name],
            'range': [c.low, c.high],
            'met': c.met(values[c.name]),
        }
        for c in CRITERIA
    ]


def _errors(run: Run, work_dir: Path, stage: str) -> dict[str, Values]:
    """Errors of each track of a finished run."""
    path = work_dir / run.name / METRICS_FILE
    report = json.loads(path.read_text(encoding='utf-8'))
    return {name: t[stage] for name, t in report['tracks'].items()}
