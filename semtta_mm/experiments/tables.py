"""Tables of an experiment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rich.console import Group
from rich.text import Text

from ..utils.wide_table import WideTable
from .scores import BEFORE, Score, clip_means, compare
from .unobserved_errors import TRUE_HIDDEN, TRUE_ROOT

SHOWN = (
    'mpjpe',
    'pa_mpjpe',
    'mpjpe_visible',
    'mpjpe_occluded',
    'accel',
    'root_deg',
    'hidden_deg',
)
CAUSES = ('root_constant_deg', TRUE_ROOT, TRUE_HIDDEN)
"""Causes of the errors of unobserved joints; in the summary only."""

ALL = 'missing'
"""Name of all variants with missing evidence together."""

_WHOLE = ('none', 'clear')
"""Variants in which nothing is hidden on purpose."""

_Rows = list[dict[str, Any]]


def _rows(scores: Sequence[Score]) -> list[str]:
    return list(dict.fromkeys(score.row for score in scores))


def _sets(scores: Sequence[Score]) -> dict[str, list[Score]]:
    """Scores by test set, and of all sets with the same rows together."""
    names = list(dict.fromkeys(score.set_name for score in scores))
    parts = {n: [s for s in scores if s.set_name == n] for n in names}
    rows = {n: set(_rows(part)) - {BEFORE} for n, part in parts.items()}
    groups: list[list[str]] = []
    for name in names:
        akin = [g for g in groups if any(rows[n] & rows[name] for n in g)]
        if akin:
            akin[0].append(name)
        else:
            groups.append([name])
    for group in groups:
        if len(group) > 1:
            joined = [score for name in group for score in parts[name]]
            parts[' + '.join(group)] = joined
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
        row for row in _rows(scores) if all((row, v) in ran for v in variants)
    ]


def mean_rows(scores: Sequence[Score]) -> _Rows:
    """Mean over clips of each metric, by test set, variant and row."""
    out = []
    for set_name, part in _sets(scores).items():
        for variant, names in _variants(part).items():
            for row in _complete(part, names):
                found = {
                    metric: clip_means(part, row, metric, names)
                    for metric in (*SHOWN, *CAUSES)
                }
                clips = len(found['mpjpe'])
                values = {
                    metric: float(np.mean(list(means.values())))
                    if means
                    else None
                    for metric, means in found.items()
                }
                where = {'set': set_name, 'variant': variant, 'row': row}
                out.append({**where, 'clips': clips, **values})
    return out


def mean_table(rows: _Rows) -> Group:
    """The result of :func:`mean_rows`, a table for each set and variant."""
    note = 'mm, accel m/s^2, deg; mean over clips'
    return _by_variant(
        [(row, _mean_cells(row)) for row in rows], ['clips', *SHOWN], note
    )


def _mean_cells(row: dict[str, Any]) -> list[str]:
    return [str(row['clips']), *(_number(row[metric]) for metric in SHOWN)]


def _by_variant(
    rows: Sequence[tuple[dict[str, Any], list[str]]],
    columns: Sequence[str],
    note: str,
) -> Group:
    """Tables of a set and a variant each.

    Args:
        rows: With ``set``, ``variant`` and ``row``, and the cells of each.
        columns: Headings of the cells.
        note: Above all of them.
    """
    tables: dict[tuple[str, str], WideTable] = {}
    for row, cells in rows:
        key = (row['set'], row['variant'])
        if key not in tables:
            heads = [_heading(column) for column in columns]
            title = f'{key[0]}, {key[1]}'
            tables[key] = WideTable(['row'], heads, title=title)
        tables[key].add_row(row['row'], *cells)
    return Group(Text(f'{note}\n'), *tables.values())


def _heading(metric: str) -> str:
    """Its name, on two lines if it is long."""
    return metric if len(metric) <= 8 else metric.replace('_', '\n', 1)


def difference_rows(scores: Sequence[Score], reference: str) -> _Rows:
    """Each row minus the reference row, paired over clips.

    Args:
        scores: Of all rows.
        reference: Name of that row.
    """
    out = []
    for set_name, part in _sets(scores).items():
        for variant, names in _variants(part).items():
            rows = _complete(part, names)
            for row in rows:
                if reference not in rows or row == reference:
                    continue
                where = {'set': set_name, 'variant': variant, 'row': row}
                for metric in SHOWN:
                    found = compare(part, (row, reference), metric, names)
                    if found is not None:
                        out.append(
                            {**where, 'metric': metric, **found._asdict()}
                        )
    return out


def difference_table(rows: _Rows, reference: str) -> Group:
    """Differences in MPJPE, PA-MPJPE and of unobserved joints."""
    metrics = ('mpjpe', 'pa_mpjpe', 'mpjpe_occluded', 'hidden_deg')
    first: dict[tuple[str, str, str], dict[str, Any]] = {}
    cells: dict[tuple[str, str, str], dict[str, str]] = {}
    for row in rows:
        key = (row['set'], row['variant'], row['row'])
        first.setdefault(key, row)
        cells.setdefault(key, {})[row['metric']] = (
            f'{row["mean"]:+.1f} [{row["low"]:+.1f}, {row["high"]:+.1f}] '
            f'{row["p"]:.3f}'
        )
    found = [
        (first[key], [values.get(m, '–') for m in metrics])
        for key, values in cells.items()
    ]
    note = f'minus "{reference}", mm or deg [95 % over clips] p'
    return _by_variant(found, metrics, note)


def gait_table(scores: Sequence[Score]) -> WideTable:
    """Steps of hidden legs: tempo, phase, size; clips with true steps."""
    table = WideTable(
        ['row'],
        ['clips', 'tempo error\nHz', '|phase|\ndeg', 'swing'],
        title='legs of stepping clips, lower body missing',
    )
    for row in _rows(scores):
        if row != BEFORE:
            table.add_row(row, *_gait_cells(scores, row))
    return table


def _gait_cells(scores: Sequence[Score], row: str) -> list[str]:
    stepping = [
        s.values
        for s in scores
        if s.row == row
        and s.variant == 'lower_body'
        and s.values.get('step_hz_true') is not None
    ]
    tempo = [
        abs(v['step_hz_pred'] - v['step_hz_true'])  # type: ignore[operator]
        for v in stepping
        if v['step_hz_pred'] is not None
    ]
    phase = [
        abs(v['phase_deg']) for v in stepping if v['phase_deg'] is not None
    ]
    swing = [v['swing_ratio'] for v in stepping]
    return [
        str(len(stepping)),
        f'{_mean(tempo)} ({len(tempo)})',
        _mean(phase),
        _mean([value for value in swing if value is not None]),
    ]


def _mean(values: Sequence[float]) -> str:
    return f'{np.mean(values):.2f}' if values else '–'


def _number(value: float | None) -> str:
    return '–' if value is None else f'{value:.1f}'
