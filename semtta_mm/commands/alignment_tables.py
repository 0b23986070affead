"""The report of ``semtta diagnose-alignment`` as tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..diagnosis.align_diagnosis import STAGES
from ..utils.wide_table import WideTable


def tables(report: Mapping[str, Any]) -> list[WideTable]:
    """Similarities, errors of the motion, and their confidence intervals."""
    search = report['search']
    title = (
        f'{report["motions"]}: {report["hidden"]} perturbed, {report["free"]} '
        f'free, {search["variables"]}, {search["steps"]} x {search["lr"]}'
    )
    heads = {
        f'{title}\ncosine, and direction of the change': (
            ['clips', 'true', 'right label', 'wrong label', 'towards truth'],
            _similarities,
        ),
        'means over labels: before / right / wrong (true first)': (
            ['angle, deg', 'MPJPE, mm', 'spread, mm'],
            _errors,
        ),
        'difference of MPJPE, mm, and its 95 % interval over clips': (
            ['better, %', 'right - before', 'right - wrong'],
            _differences,
        ),
    }
    out = []
    for name, (columns, cells) in heads.items():
        table = WideTable([''], columns, title=name)
        for case, part in report['cases'].items():
            table.add_row(case, *cells(part))
        out.append(table)
    return out


def _similarities(case: Mapping[str, Any]) -> list[str]:
    cosine = case['similarity']
    pulls = [('before', 'right'), ('wrong_before', 'wrong')]
    return [
        str(case['windows']),
        _number(cosine['true'], 2),
        *(
            f'{_number(cosine[a], 2)} → {_number(cosine[b], 2)}'
            for a, b in pulls
        ),
        ' / '.join(_number(case['towards'][s], 2) for s in STAGES[1:]),
    ]


def _errors(case: Mapping[str, Any]) -> list[str]:
    spread = case['spread_mm']
    return [
        _stages(case['rotation_deg'], 1),
        _stages(case['mpjpe_mm'], 0),
        f'{_number(spread["true"], 0)}: {_stages(spread, 0)}',
    ]


def _differences(case: Mapping[str, Any]) -> list[str]:
    part = case['mpjpe_mm']
    better = (part[f'improved_{stage}'] for stage in STAGES[1:])
    return [
        ' / '.join('–' if x is None else f'{100 * x:.0f}' for x in better),
        _interval(part['right_minus_before']),
        _interval(part['right_minus_wrong']),
    ]


def _stages(part: Mapping[str, float | None], digits: int) -> str:
    return ' / '.join(_number(part[stage], digits) for stage in STAGES)


def _number(value: float | None, digits: int) -> str:
    return '–' if value is None else f'{value:.{digits}f}'


def _interval(value: Mapping[str, float] | None) -> str:
    if value is None:
        return '–'
    return f'{value["mean"]:+.1f} ({value["low"]:+.1f}, {value["high"]:+.1f})'
