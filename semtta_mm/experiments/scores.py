"""Scores of the runs of an experiment, by clip."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..datasets.readers.test_set import clip_of
from .columns import COLUMNS, with_derived
from .compare import Comparison, paired
from .execute import METRICS, is_done
from .plan import BEFORE, Run
from .unobserved_errors import Values


@dataclass(frozen=True)
class Score:
    """One track in one run.

    Attributes:
        row: Of the table.
        set_name: Test set.
        variant: Kind of missing evidence.
        clip: Of the test set; of other sets, the track.
        seed: Of the run.
        values: Metric to value, None where there is none.
        label: Action of the clip; empty if it is not known.
    """

    row: str
    set_name: str
    variant: str
    clip: str
    seed: int
    values: dict[str, float | None]
    label: str = ''


ALL_FRAMES = 'all'
"""Variant of tracks that are not of a test set."""


def read_scores(runs: Iterable[Run], work_dir: Path) -> list[Score]:
    """Scores of all finished runs, and of the pre-trained network.

    Args:
        runs: Of the experiment.
        work_dir: Of the experiment.
    """
    scores: dict[tuple, Score] = {}
    for run in runs:
        if not is_done(run, work_dir):
            continue
        path = work_dir / run.name / METRICS
        report = json.loads(path.read_text(encoding='utf-8'))
        for name, track in report['tracks'].items():
            variant, clip = ALL_FRAMES, name
            if run.folder is not None:
                clip = clip_of(name)
                variant = name[len(clip) + 1 :]
            place = (run.set_name, variant, clip)
            label = track.get('label', '')
            first = (BEFORE, *place)
            if first not in scores:
                values = track['before'] | _coverage(track)
                scores[first] = Score(*first, 0, values, label)
            after = track['after'] | _coverage(track) | _cost(report, track)
            key = (run.row, *place, run.seed)
            scores[key] = Score(*key, after, label)
    return list(scores.values())


def _coverage(track: Mapping[str, Any]) -> Values:
    """Share of frames that a reference was compared in."""
    frames = track['frames']
    return {'coverage': track['evaluated'] / frames if frames else None}


def _cost(report: Mapping[str, Any], track: Mapping[str, Any]) -> Values:
    """Time of a track; memory of the whole run, whose process is its own."""
    return {
        'seconds_per_frame': track['cost']['seconds_per_frame'],
        'peak_memory_mb': report['cost'].get('peak_memory_mb'),
    }


def clip_means(
    scores: Sequence[Score], row: str, metric: str, variants: Sequence[str]
) -> dict[tuple[str, str], float]:
    """A metric of every clip, the mean over seeds and variants.

    Args:
        scores: Of all rows.
        row: Which row.
        metric: Which metric, or one of :func:`.with_derived`.
        variants: Which variants.

    Returns:
        (test set, clip) to mean; clips without a value are left out.
    """
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for score in scores:
        if score.row != row or score.variant not in variants:
            continue
        value = with_derived(score.values).get(metric)
        if value is not None:
            found[score.set_name, score.clip].append(value)
    return {key: float(np.mean(values)) for key, values in found.items()}


def compare(
    scores: Sequence[Score],
    rows: tuple[str, str],
    metric: str,
    variants: Sequence[str],
) -> Comparison | None:
    """Paired difference of two rows over clips.

    Clips are the independent samples: seeds and variants of one clip are
    averaged first.

    Args:
        scores: Of all rows.
        rows: The difference is the first minus the second.
        metric: Which metric.
        variants: Which variants.

    Returns:
        None with fewer than two common clips.
    """
    first, second = (clip_means(scores, row, metric, variants) for row in rows)
    column = COLUMNS.get(metric)
    return paired(
        first, second, column is not None and column.higher_is_better
    )
