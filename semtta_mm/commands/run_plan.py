"""The plan of ``semtta run``, and its final table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..apis.run_cost import machine_speed, run_cost
from ..apis.run_record import RunRecord
from ..utils import InputError
from ..utils.wide_table import WideTable
from .adapt_plan import PlannedTrack, cost_cells, plan_caption, plan_cells
from .run_inputs import RunInput


@dataclass(frozen=True)
class Job:
    """An input with its settings.

    Attributes:
        item: The input.
        cfg: Its config; ``work_dir`` is the folder of its results.
        wanted: Record of these settings and this content.
        earlier: Record of an earlier run that need not be repeated.
        tracks: What will be done.
        problem: Why nothing can be done.
    """

    item: RunInput
    cfg: Config
    wanted: RunRecord
    earlier: RunRecord | None = None
    tracks: Sequence[PlannedTrack] = ()
    problem: InputError | None = None

    @property
    def folder(self) -> Path:
        """Folder of the results."""
        return Path(self.cfg.work_dir)


@dataclass(frozen=True)
class JobResult:
    """Outcome of an input.

    Attributes:
        job: The input.
        status: One word or sentence for the table.
        report: Content of ``metrics.json``, if anybody was adapted.
        notes: Lines for the user.
        failed: Whether it failed.
    """

    job: Job
    status: str
    report: Mapping[str, Any] | None = None
    notes: Sequence[str] = ()
    failed: bool = False


def plan_table(jobs: Sequence[Job]) -> WideTable:
    """Frames, people, windows, steps, minutes and memory of each input.

    Args:
        jobs: All inputs; finished and unreadable ones have a row without
            numbers.
    """
    rows, tracks, costs = [], [], []
    speed = machine_speed()
    for job in jobs:
        if not job.tracks:
            state = 'finished' if job.problem is None else 'unreadable'
            rows.append([job.item.name, *['–'] * 4, state, '–', '–'])
        for track in job.tracks:
            cost = run_cost(job.cfg, [track.work()], speed)
            people = '?' if track.detects else str(len(job.tracks))
            frames, *rest = plan_cells(track)
            cells = [job.item.name, frames, people, *rest, *cost_cells(cost)]
            rows.append(cells)
            tracks.append(track)
            costs.append(cost)
    table = WideTable(
        ['input'],
        [
            *('frames', 'people', 'windows', 'epochs', 'steps an\nepoch'),
            *('minutes', 'MB'),
        ],
        title='plan',
        caption=plan_caption(tracks, costs),
    )
    for row in rows:
        table.add_row(*row)
    known = [cost for cost in costs if cost is not None]
    if len(rows) > 1 and known:
        table.add_section()
        minutes = sum(cost.seconds for cost in known) / 60
        memory = max(cost.memory_mb for cost in known)
        total = [f'{minutes:.1f}', f'{memory:.0f}']
        table.add_row('all', *[''] * 5, *total)
    return table


def result_table(results: Sequence[JobResult]) -> WideTable:
    """People, frames, reprojection errors and state of each input.

    Args:
        results: Of the inputs, in order, at least one.
    """
    out = results[0].job.folder.parent
    table = WideTable(
        ['input', 'person'],
        ['frames', 'reprojection, px\nbefore', 'after', 'state'],
        title='results',
        caption=f'files: {out}/INPUT/PERSON/',
        left=['state'],
    )
    for result in results:
        name = result.job.item.name
        tracks = (result.report or {}).get('tracks', {})
        for person, values in tracks.items():
            errors = [
                _pixels(values.get(stage)) for stage in ('before', 'after')
            ]
            frames = str(values['frames'])
            table.add_row(name, person, frames, *errors, result.status)
        if not tracks:
            table.add_row(name, '–', '0', '–', '–', result.status)
    return table


def _pixels(errors: Mapping[str, Any] | None) -> str:
    value = (errors or {}).get('reproj_px')
    return '–' if value is None else f'{value:.1f}'
