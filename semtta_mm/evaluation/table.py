"""A report as a table for the terminal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.markup import escape
from rich.table import Table

from .track_errors import METRIC_NAMES

_HEADINGS = {
    'mpjpe': 'MPJPE\nmm',
    'pa_mpjpe': 'PA-MPJPE\nmm',
    'mpvpe': 'MPVPE\nmm',
    'accel': 'Accel',
    'reproj_px': 'Reproj\npx',
    'pck': 'PCK',
    'mpjpe_visible': 'MPJPE\nseen mm',
    'mpjpe_occluded': 'MPJPE\noccluded mm',
}
_DIGITS = {'pck': 3, 'accel': 2}
_ABSENT = '–'
_Row = Mapping[str, Any]


def metrics_table(report: Mapping[str, Any]) -> Table:
    """One row per track and one overall; coverage and protocol in words.

    Args:
        report: From :func:`stage_report` or :func:`merge_stages`; the latter
            gives cells like ``281.3 → 178.0``. Metrics that no track has are
            left out.

    Returns:
        The table; print it with ``rich.console.Console``.
    """
    protocol, coverage = report['protocol'], report['coverage']
    shown = [name for name in METRIC_NAMES if coverage['weights'][name]]
    table = Table(title=_title(protocol), caption=_caption(coverage))
    table.add_column('Track')
    table.add_column('Evaluated', justify='right')
    for name in shown:
        table.add_column(metric_heading(name, protocol), justify='right')
    for name, track in report['tracks'].items():
        cells = [_cell(track, metric) for metric in shown]
        table.add_row(escape(name), _share(track), *cells)
    table.add_section()
    cells = [_cell(report['overall'], metric) for metric in shown]
    table.add_row('overall', _share(coverage), *cells, style='bold')
    return table


def protocols_table(report: Mapping[str, Any]) -> Table:
    """The overall numbers of the further protocols, one a row.

    Args:
        report: With ``other_protocols``: name to ``protocol`` and
            ``overall``.

    Returns:
        The table; metrics that none has are left out.
    """
    others = report['other_protocols']
    shown = [
        name
        for name in METRIC_NAMES
        if any(_cell(o['overall'], name) != _ABSENT for o in others.values())
    ]
    table = Table(title='other protocols', caption=_protocols(others))
    table.add_column('Protocol')
    for name in shown:
        heading = metric_heading(name, report['protocol'])
        if name == 'accel':  # each protocol has its own unit
            heading = _HEADINGS[name]
        table.add_column(heading, justify='right')
    for name, other in others.items():
        cells = [_cell(other['overall'], metric) for metric in shown]
        table.add_row(escape(name), *cells)
    return table


def _protocols(others: _Row) -> str:
    """What each of the protocols is, a line each."""
    return '\n'.join(
        f'{escape(name)}: root {other["protocol"]["root"]}, '
        f'joints {other["protocol"]["joint_set"]}, '
        f'frame {other["protocol"]["frame"]}, '
        f'accel in {other["protocol"]["accel_unit"]}'
        for name, other in others.items()
    )


def _title(protocol: _Row) -> str:
    fps = protocol['fps']
    return (
        f'root {protocol["root"]}, joints {protocol["joint_set"]}, '
        f'frame {protocol["frame"]}, '
        f'{"several rates" if fps is None else f"{fps:g} fps"}'
    )


def _caption(coverage: _Row) -> str:
    frames, evaluated = coverage['frames'], coverage['evaluated']
    share = 100 * evaluated / frames if frames else 0
    return (
        f'{evaluated} of {frames} frames have a 3D reference '
        f'({share:.1f} %); overall is frame-weighted'
    )


def metric_heading(name: str, protocol: _Row) -> str:
    """Column heading of a metric, with its unit."""
    heading = _HEADINGS[name]
    if name == 'accel':
        return f'{heading}\n{protocol["accel_unit"]}'
    if name == 'pck':
        return f'{heading}\n@{protocol["pck_threshold"]:g}'
    return heading


def _share(row: _Row) -> str:
    return f'{row["evaluated"]}/{row["frames"]}'


def _cell(row: _Row, metric: str) -> str:
    if 'before' not in row:
        return metric_number(row[metric], metric)
    cells = [
        metric_number(row[stage][metric], metric)
        for stage in ('before', 'after')
        if row[stage] is not None
    ]
    return _ABSENT if set(cells) == {_ABSENT} else ' → '.join(cells)


def metric_number(value: float | None, metric: str) -> str:
    """A value in its usual digits; a dash if there is none."""
    return _ABSENT if value is None else f'{value:.{_DIGITS.get(metric, 1)}f}'
