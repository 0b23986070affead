"""A report as a table for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..utils.wide_table import WideTable
from .track_errors import METRIC_NAMES

_HEADINGS = {
    'mpjpe': 'MPJPE\nmm',
    'pa_mpjpe': 'PA-MPJPE\nmm',
    'mpvpe': 'MPVPE\nmm',
    'accel': 'Accel',
    'reproj_px': 'Reproj\npx',
    'pck': 'PCK',
    'mpjpe_visible': 'MPJPE\nvisible\nmm',
    'mpjpe_occluded': 'MPJPE\noccluded\nmm',
    'pa_mpjpe_occluded': 'PA-MPJPE\noccluded\nmm',
}
_DIGITS = {'pck': 3, 'accel': 2}
_ABSENT = '–'
_STAGES = ('before', 'after')
_Row = Mapping[str, Any]


def metrics_table(report: Mapping[str, Any]) -> WideTable:
    """Tracks and their mean, a row for each stage.

    Args:
        report: From :func:`stage_report` or :func:`merge_stages`. Metrics
            that no track has are left out.

    Returns:
        The table; print it with ``rich.console.Console``. It fits any width:
        metrics without room follow in a second table.
    """
    protocol, coverage = report['protocol'], report['coverage']
    shown = [name for name in METRIC_NAMES if coverage['weights'][name]]
    table = WideTable(
        ['Track', *_stage_keys(report['overall'])],
        ['Frames', *(metric_heading(name, protocol) for name in shown)],
        title=_title(protocol),
        caption=_caption(coverage),
    )
    for name, track in report['tracks'].items():
        for stage, values in _stages(track):
            table.add_row(name, *stage, _share(track), *_cells(values, shown))
    table.add_section()
    overall = report['overall']
    for stage, values in _stages(overall):
        cells = _cells(values, shown)
        table.add_row(
            'overall', *stage, _share(coverage), *cells, style='bold'
        )
    return table


def protocols_table(report: Mapping[str, Any]) -> WideTable:
    """The overall numbers of the further protocols.

    Args:
        report: With ``other_protocols``: name to ``protocol`` and
            ``overall``.

    Returns:
        The table, as :func:`metrics_table`; metrics without a value are left
        out.
    """
    others = report['other_protocols']
    rows = [
        (name, stage, values)
        for name, other in others.items()
        for stage, values in _stages(other['overall'])
    ]
    shown = [
        name
        for name in METRIC_NAMES
        if any(values[name] is not None for _, _, values in rows)
    ]
    # Each protocol has its own unit of the acceleration error.
    heads = [
        _HEADINGS[name]
        if name == 'accel'
        else metric_heading(name, report['protocol'])
        for name in shown
    ]
    keys = max(
        (_stage_keys(o['overall']) for o in others.values()), default=[]
    )
    table = WideTable(
        ['Protocol', *keys],
        heads,
        title='other protocols',
        caption=_protocols(others),
    )
    for name, stage, values in rows:
        table.add_row(name, *stage, *_cells(values, shown))
    return table


def _protocols(others: _Row) -> str:
    """The settings of each protocol, a line each."""
    return '\n'.join(
        f'{name}: root {other["protocol"]["root"]}, '
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


def _stage_keys(row: _Row) -> list[str]:
    """Heading of the stages, if the report has them."""
    return ['Stage'] if _STAGES[0] in row else []


def _stages(row: _Row) -> Iterator[tuple[list[str], _Row]]:
    """Cells that name a stage, and its values."""
    if not _stage_keys(row):
        yield [], row
        return
    for stage in _STAGES:
        if row[stage] is not None:
            yield [stage], row[stage]


def _cells(values: _Row, shown: list[str]) -> list[str]:
    return [metric_number(values[name], name) for name in shown]


def metric_number(value: float | None, metric: str) -> str:
    """A value in its usual digits; a dash if there is none."""
    return _ABSENT if value is None else f'{value:.{_DIGITS.get(metric, 1)}f}'
