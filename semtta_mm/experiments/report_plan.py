"""What an experiment reports: comparisons, columns, figures."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..utils import InputError
from .columns import COLUMNS, HEADLINE
from .plan import BEFORE, PLAN_FIX, plan_config

FIGURES = ('errors', 'labels', 'sweep', 'strips')
"""Names of figures, see :mod:`.figures` and :mod:`.strips`."""


@dataclass(frozen=True)
class PaperNumbers:
    """Numbers of a publication, shown beside the measured ones.

    Attributes:
        dataset: That they were measured on.
        rows: Row to metric to value.
    """

    dataset: str
    rows: Mapping[str, Mapping[str, float]]


@dataclass(frozen=True)
class Strips:
    """Rows of pictures of the same frames under several rows of the plan.

    Attributes:
        rows: Rows of the plan, the un-adapted network before them.
        tracks: Names of tracks, of any set.
        epochs: Predictions after these epochs; the rows must write them,
            ``hooks.result.epochs``.
        frames: Pictures of a strip.
    """

    rows: tuple[str, ...]
    tracks: tuple[str, ...]
    epochs: tuple[int, ...]
    frames: int = 6


@dataclass(frozen=True)
class ReportPlan:
    """Contents of a report.

    Attributes:
        title: Of the report.
        reference: Row that all others are compared with, or None.
        pairs: Further differences, first minus second row.
        metrics: Columns of the first table.
        paper: Published numbers of the same rows, or None.
        figures: Of :data:`FIGURES`.
        sweep: Name of a parameter, and row to its value; or None.
        strips: Of the figure ``'strips'``, or None.
    """

    title: str
    reference: str | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    metrics: tuple[str, ...] = HEADLINE
    paper: PaperNumbers | None = None
    figures: tuple[str, ...] = ()
    sweep: tuple[str, Mapping[str, float]] | None = None
    strips: Strips | None = None


def read_report_plan(path: Path) -> ReportPlan:
    """What a plan reports.

    Args:
        path: A config as of :func:`.read_plan`, with maybe ``title``;
            ``reference``, a row; ``pairs``, a list of two rows each;
            ``metrics``, names of :data:`.COLUMNS`; ``paper=dict(dataset=...,
            rows=...)``; ``figures``; ``sweep=dict(name=..., rows=...)``; and
            ``strips``, the fields of :class:`Strips`. The pre-trained network
            is the row ``'un-adapted'``.

    Raises:
        InputError: If a row, a metric or a figure is unknown, or a pair is
            none.
    """
    plan = plan_config(path)
    known = {row['name'] for row in plan.rows} | {BEFORE}
    pairs = plan.get('pairs', [])
    for pair in pairs:
        if isinstance(pair, str) or len(pair) != 2:
            raise InputError(path, 'pairs', f'{pair} is no pair', PLAN_FIX)
    reference = plan.get('reference')
    metrics = tuple(plan.get('metrics', HEADLINE))
    figures = tuple(plan.get('figures', ()))
    paper, sweep = plan.get('paper'), plan.get('sweep')
    strips = plan.get('strips')
    _check(path, 'reference', [reference] if reference else [], known)
    _check(path, 'pairs', [name for pair in pairs for name in pair], known)
    _check(path, 'metrics', metrics, COLUMNS)
    _check(path, 'figures', figures, FIGURES)
    if paper:
        _check(path, 'paper.rows', paper['rows'], known)
    if sweep:
        _check(path, 'sweep.rows', sweep['rows'], known)
    if strips:
        _check(path, 'strips.rows', strips['rows'], known)
    for figure, given in (('sweep', sweep), ('strips', strips)):
        if figure in figures and not given:
            raise InputError(path, figure, 'is absent', PLAN_FIX)
    return ReportPlan(
        title=plan.get('title', path.stem),
        reference=reference,
        pairs=tuple((a, b) for a, b in pairs),
        metrics=metrics,
        paper=PaperNumbers(**_plain(paper)) if paper else None,
        figures=figures,
        sweep=(sweep['name'], _plain(sweep['rows'])) if sweep else None,
        strips=_strips(strips) if strips else None,
    )


def _strips(fields: Mapping[str, Any]) -> Strips:
    lists = {
        name: tuple(fields[name]) for name in ('rows', 'tracks', 'epochs')
    }
    return Strips(**lists, frames=fields.get('frames', 6))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """Without mmengine's dicts, whose absent keys are errors."""
    return {
        key: _plain(value) if isinstance(value, Mapping) else value
        for key, value in values.items()
    }


def _check(
    path: Path,
    field: str,
    names: Iterable[str],
    known: Container[str],
) -> None:
    for name in names:
        if name not in known:
            raise InputError(path, field, f'no {name!r}', PLAN_FIX)
