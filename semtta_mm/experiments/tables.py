"""Tables of an experiment for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from rich.console import Group
from rich.text import Text

from ..utils.wide_table import WideTable
from .columns import COLUMNS, HEADLINE
from .scores import BEFORE, Score
from .summary import Rows, row_names


def mean_table(rows: Rows, metrics: Sequence[str] = HEADLINE) -> Group:
    """The result of :func:`.mean_rows`, a table for each set and variant.

    Args:
        rows: Means.
        metrics: Shown ones, of those that some row has.
    """
    shown = [m for m in metrics if any(row[m] is not None for row in rows)]
    cells = [
        (row, [str(row['clips']), *(_number(row[m], m) for m in shown)])
        for row in rows
    ]
    return _by_variant(cells, ['clips', *shown], 'mm or deg; mean over clips')


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


def difference_table(rows: Rows, metrics: Sequence[str] = HEADLINE) -> Group:
    """Differences of some metrics, a line for each pair of rows.

    Args:
        rows: Of :func:`.difference_rows` or :func:`.pair_rows`.
        metrics: Shown ones, of those that some pair has.
    """
    first: dict[tuple[str, ...], dict[str, Any]] = {}
    cells: dict[tuple[str, ...], dict[str, str]] = {}
    for row in rows:
        key = tuple(row[k] for k in ('set', 'variant', 'row', 'other'))
        name = f'{row["row"]} − {row["other"]}'
        first.setdefault(key, row | {'row': name})
        cells.setdefault(key, {})[row['metric']] = _gap(row)
    shown = [m for m in metrics if any(m in c for c in cells.values())]
    found = [
        (first[key], [values.get(m, '–') for m in shown])
        for key, values in cells.items()
    ]
    note = 'first minus second row [95 % over clips] clips better'
    return _by_variant(found, shown, note)


def _gap(row: dict[str, Any]) -> str:
    digits = COLUMNS[row['metric']].digits
    mean, low, high = (
        f'{row[name]:+.{digits}f}' for name in ('mean', 'low', 'high')
    )
    return f'{mean} [{low}, {high}] {row["better"]}/{row["clips"]}'


def has_gait(scores: Sequence[Score]) -> bool:
    """Whether :func:`gait_table` has something to show."""
    return any(
        s.values.get('step_hz_true') is not None and s.variant == 'lower_body'
        for s in scores
    )


def gait_table(scores: Sequence[Score]) -> WideTable:
    """Steps of hidden legs: tempo, phase, size; clips with true steps."""
    table = WideTable(
        ['row'],
        ['clips', 'tempo error\nHz', '|phase|\ndeg', 'swing'],
        title='legs of stepping clips, lower body missing',
    )
    for row in row_names(scores):
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


def _number(value: float | None, metric: str) -> str:
    return '–' if value is None else f'{value:.{COLUMNS[metric].digits}f}'
