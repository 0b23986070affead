"""Executes the runs of an experiment, each in a new process and once."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import as_completed
from pathlib import Path
from typing import Any

import torch
from mmengine.config import Config

from ..apis.adapt import adapt
from ..evaluation import write_metrics_json
from ..setup_env import register_all_modules
from ..utils.worker_pool import worker_pool
from .clip_labels import clip_labels
from .extra_metrics import extra_metrics
from .plan import Run

METRICS = 'metrics.json'
_BEGUN = 'begun.json'


def is_done(run: Run, work_dir: Path) -> bool:
    """Whether a run with the same settings has been finished.

    Args:
        run: The run.
        work_dir: Of the experiment.
    """
    try:
        path = work_dir / run.name / METRICS
        found = json.loads(path.read_text(encoding='utf-8'))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get('run') == run.digest


def execute(run: Run, work_dir: Path, threads: int = 1) -> None:
    """Adapt to all tracks of a run, and write its ``metrics.json``.

    Tracks that the same run finished before it was interrupted are kept.

    Args:
        run: The run.
        work_dir: Of the experiment.
        threads: Of torch.
    """
    torch.set_num_threads(threads)
    register_all_modules()
    folder = work_dir / run.name
    cfg = run.configured(folder)
    cfg.filename = str(run.config)
    cfg.train_cfg.resume = _begin(run, folder)
    report = adapt(cfg) | {'run': run.digest}
    _add_extra_metrics(run, cfg, folder, report)


def recompute(run: Run, work_dir: Path) -> None:
    """Recompute the :func:`.extra_metrics` of a finished run.

    Args:
        run: The run.
        work_dir: Of the experiment.
    """
    folder = work_dir / run.name
    report = json.loads((folder / METRICS).read_text(encoding='utf-8'))
    _add_extra_metrics(run, run.configured(folder), folder, report)


def _add_extra_metrics(
    run: Run, cfg: Config, folder: Path, report: dict[str, Any]
) -> None:
    tracks = report['tracks']
    for name, stages in extra_metrics(run, cfg, folder).items():
        for stage, values in stages.items():
            tracks[name][stage] |= values
    for name, label in clip_labels(run, list(tracks), folder).items():
        tracks[name]['label'] = label
    write_metrics_json(folder / METRICS, report)


def _begin(run: Run, folder: Path) -> bool:
    """Record the run of a folder; True if it already was this run."""
    path, want = folder / _BEGUN, json.dumps({'run': run.digest})
    if path.is_file() and path.read_text(encoding='utf-8') == want:
        return True
    folder.mkdir(parents=True, exist_ok=True)
    path.write_text(want, encoding='utf-8')
    return False


def execute_all(
    runs: Sequence[Run],
    work_dir: Path,
    workers: int,
    done: Callable[[Run], None],
) -> None:
    """Execute the runs that are not finished.

    Args:
        runs: All of them.
        work_dir: Of the experiment.
        workers: Processes; each takes one thread.
        done: Called for every run, also for earlier ones.
    """
    left = []
    for run in runs:
        if is_done(run, work_dir):
            done(run)
        else:
            left.append(run)
    if not left:
        return
    # A new process for each run, so that runs are independent.
    with worker_pool(workers, max_tasks_per_child=1) as pool:
        jobs = {pool.submit(execute, run, work_dir): run for run in left}
        for job in as_completed(jobs):
            job.result()
            done(jobs[job])
