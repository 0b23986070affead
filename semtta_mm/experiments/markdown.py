"""The tables of an experiment as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .columns import COLUMNS, GROUPS
from .report_plan import PaperNumbers, ReportPlan
from .summary import JOINED, Rows

ABSENT = '–'
_NOTES = (
    'Means over clips; the seeds of a clip are averaged first. A difference '
    'is the first row minus the second, over the clips that both have: mean '
    'and 95 % interval by bootstrap over clips. `better`: clips on which the '
    'first row is better. `worst tenth`: mean change of the tenth of the '
    'clips, at least one, that change most for the worse.'
)
_PAIR = ('metric', 'mean', '95 %', 'p', 'better', 'worst tenth')
_Row = dict[str, Any]


def markdown_report(
    means: Rows, gaps: Rows, pairs: Rows, wanted: ReportPlan
) -> str:
    """All tables of an experiment.

    Args:
        means: Of :func:`.mean_rows`.
        gaps: Of :func:`.difference_rows`; may be empty.
        pairs: Of :func:`.pair_rows`, which are shown in full; may be empty.
        wanted: Title, columns of the first table, published numbers.

    Returns:
        Markdown. Sets together come before single ones; for each set and
        variant the headline is first.
    """
    lines = [f'# {wanted.title}', '', _NOTES, '']
    if wanted.paper is not None:
        lines += _paper_table(wanted.paper)
    places = list(dict.fromkeys(map(_place, means)))
    for place in sorted(places, key=lambda p: JOINED not in p[0]):
        lines += [f'## {place[0]}, {place[1]}', '']
        mine, near, named = (
            [row for row in rows if _place(row) == place]
            for rows in (means, gaps, pairs)
        )
        lines += _mean_table('Errors', wanted.metrics, mine)
        lines += _gap_table(near, wanted.metrics)
        for name, metrics in GROUPS.items():
            rest = [m for m in metrics if m not in wanted.metrics]
            lines += _mean_table(name, rest, mine)
        for key in dict.fromkeys(map(_names, named)):
            lines += _pair_table([r for r in named if _names(r) == key])
    return '\n'.join(lines).rstrip() + '\n'


def _place(row: _Row) -> tuple[str, str]:
    return row['set'], row['variant']


def _names(row: _Row) -> tuple[str, str]:
    return row['row'], row['other']


def _mean_table(name: str, metrics: Sequence[str], rows: Rows) -> list[str]:
    """Rows and a group of metrics that some row has."""
    shown = [m for m in metrics if any(row[m] is not None for row in rows)]
    heads = ['row', 'clips', *(COLUMNS[m].heading for m in shown)]
    cells = (
        [row['row'], str(row['clips']), *(_number(row[m], m) for m in shown)]
        for row in rows
    )
    return _table(name, heads, cells) if shown else []


def _paper_table(paper: PaperNumbers) -> list[str]:
    """Published numbers, which nothing here was measured with."""
    names = dict.fromkeys(m for row in paper.rows.values() for m in row)
    cells = (
        [row, *(_number(values.get(m), m) for m in names)]
        for row, values in paper.rows.items()
    )
    title = f'Published, on {paper.dataset}; not measured here'
    return _table(title, ['row', *(COLUMNS[m].heading for m in names)], cells)


def _gap_table(rows: Rows, metrics: Sequence[str]) -> list[str]:
    """Differences from the reference row, of some metrics."""
    shown = [m for m in metrics if any(row['metric'] == m for row in rows)]
    if not shown:
        return []
    cells = []
    for name in dict.fromkeys(row['row'] for row in rows):
        found = {r['metric']: _gap(r) for r in rows if r['row'] == name}
        cells.append([name, *(found.get(m, ABSENT) for m in shown)])
    heads = ['row', *(COLUMNS[m].heading for m in shown)]
    return _table(f'Minus "{rows[0]["other"]}"', heads, cells)


def _pair_table(rows: Rows) -> list[str]:
    """All metrics of one pair of rows."""
    cells = (
        [
            COLUMNS[row['metric']].heading,
            *_gap(row).split(' ', 1),
            f'{row["p"]:.3f}',
            f'{row["better"]} of {row["clips"]}',
            _signed(row['worst'], row['metric']),
        ]
        for row in rows
    )
    title = f'"{rows[0]["row"]}" minus "{rows[0]["other"]}"'
    return _table(title, _PAIR, cells)


def _gap(row: _Row) -> str:
    mean, low, high = (
        _signed(row[k], row['metric']) for k in ('mean', 'low', 'high')
    )
    return f'{mean} ({low}, {high})'


def _signed(value: float, metric: str) -> str:
    text = f'{value:+.{COLUMNS[metric].digits}f}'
    return text.replace('-', '−')


def _number(value: float | None, metric: str) -> str:
    if value is None:
        return ABSENT
    return f'{value:.{COLUMNS[metric].digits}f}'.replace('-', '−')


def _table(
    title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]
) -> list[str]:
    """Lines of a table under its title; texts are on the left."""
    rule = ['---', *('---:' for _ in heads[1:])]
    lines = [heads, rule, *rows]
    return [
        f'**{title}**',
        '',
        *('| ' + ' | '.join(map(_cell, line)) + ' |' for line in lines),
        '',
    ]


def _cell(text: str) -> str:
    return text.replace('|', '\\|')
