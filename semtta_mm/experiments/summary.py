"""Means and paired differences of the rows of an experiment."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from .columns import COLUMNS, OF_THE_TRUTH
from .scores import ALL_FRAMES, BEFORE, Score, clip_means, compare

ALL = 'missing'
"""Name of all variants with missing evidence together."""

_WHOLE = ('none', 'clear', ALL_FRAMES)
"""Variants in which nothing is hidden on purpose."""

JOINED = ' + '
"""Between the names of test sets that are taken together."""

Rows = list[dict[str, Any]]


def row_names(scores: Sequence[Score]) -> list[str]:
    """Rows in their first order."""
    return list(dict.fromkeys(score.row for score in scores))


def mean_rows(scores: Sequence[Score]) -> Rows:
    """Mean over clips of each metric, by test set, variant and row.

    Args:
        scores: Of all rows.

    Returns:
        Dicts of ``set``, ``variant``, ``row``, ``clips`` and every metric of
        :data:`.COLUMNS`, None where no clip has a value.
    """
    out = []
    for where, part, variants in _parts(scores):
        for row in _complete(part, variants):
            found = {
                metric: clip_means(part, row, metric, variants)
                for metric in COLUMNS
            }
            values = {
                metric: float(np.mean(list(means.values()))) if means else None
                for metric, means in found.items()
            }
            clips = len(found['mpjpe'])
            out.append({**where, 'row': row, 'clips': clips, **values})
    return out


def difference_rows(scores: Sequence[Score], reference: str) -> Rows:
    """Each row minus the reference row, paired over clips.

    Args:
        scores: Of all rows.
        reference: Name of that row.
    """
    pairs = [(row, reference) for row in row_names(scores) if row != reference]
    return pair_rows(scores, pairs)


def pair_rows(
    scores: Sequence[Score], pairs: Sequence[tuple[str, str]]
) -> Rows:
    """First minus second row of each pair, paired over clips.

    Args:
        scores: Of all rows.
        pairs: Names of rows.

    Returns:
        Dicts of ``set``, ``variant``, ``row``, ``other``, ``metric`` and the
        fields of :class:`.Comparison`; pairs that did not both run with all
        variants, or share fewer than two clips, are left out.
    """
    out = []
    for where, part, variants in _parts(scores):
        ran = _complete(part, variants)
        for row, other in pairs:
            if row not in ran or other not in ran:
                continue
            names = {**where, 'row': row, 'other': other}
            for metric in COLUMNS:
                if metric in OF_THE_TRUTH:
                    continue
                found = compare(part, (row, other), metric, variants)
                if found is not None:
                    out.append({**names, 'metric': metric, **found._asdict()})
    return out


def _parts(
    scores: Sequence[Score],
) -> Iterator[tuple[dict[str, str], list[Score], list[str]]]:
    """Name, scores and variants of every table."""
    for set_name, part in score_sets(scores).items():
        for variant, names in _variants(part).items():
            yield {'set': set_name, 'variant': variant}, part, names


def score_sets(scores: Sequence[Score]) -> dict[str, list[Score]]:
    """Scores by set, and of all sets with common rows and variants together.

    Args:
        scores: Of all rows.
    """
    names = list(dict.fromkeys(score.set_name for score in scores))
    parts = {n: [s for s in scores if s.set_name == n] for n in names}
    ran = {
        n: {(s.row, s.variant) for s in part if s.row != BEFORE}
        for n, part in parts.items()
    }
    groups: list[list[str]] = []
    for name in names:
        akin = [g for g in groups if any(ran[n] & ran[name] for n in g)]
        if akin:
            akin[0].append(name)
        else:
            groups.append([name])
    for group in groups:
        if len(group) > 1:
            joined = [score for name in group for score in parts[name]]
            parts[JOINED.join(group)] = joined
    return parts


def _variants(scores: Sequence[Score]) -> dict[str, list[str]]:
    names = list(dict.fromkeys(score.variant for score in scores))
    groups = {name: [name] for name in names}
    missing = [name for name in names if name not in _WHOLE]
    if len(missing) > 1:
        groups[ALL] = missing
    return groups


def _complete(scores: Sequence[Score], variants: Sequence[str]) -> list[str]:
    """Rows that ran with all given variants, so that means are comparable."""
    ran = {(score.row, score.variant) for score in scores}
    return [
        row
        for row in row_names(scores)
        if all((row, v) in ran for v in variants)
    ]
