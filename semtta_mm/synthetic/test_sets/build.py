"""Makes a whole test set, several clips at a time, what is missing only."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from pathlib import Path

from ...models.bodies import SMPLBody
from ...utils.worker_pool import worker_pool
from .clip_job import ClipJob, make_clip_files
from .motions import choose_takes, source_motions
from .plan import FPS, TestSetPlan

_SLOWEST = 1.4
"""A restyled capture may be this much shorter than it was asked for."""


def plan_clips(
    folder: Path, plan: TestSetPlan, cmu: Path | None = None
) -> list[ClipJob]:
    """Choose the motion of every clip.

    Args:
        folder: Of the test set.
        plan: What to make.
        cmu: CMU's file; needed by the edition ``cmu`` only.

    Raises:
        InputError: If motions cannot be read or are too few.
    """
    seconds = _SLOWEST * plan.max_frames / FPS
    rest = SMPLBody().joint_template.numpy()
    motions = source_motions(plan.split, plan.seed, seconds, cmu, rest)
    takes = choose_takes(motions, plan)
    return [ClipJob(folder, plan, i, take) for i, take in enumerate(takes)]


def make_clips(jobs: Sequence[ClipJob], workers: int) -> Iterator[Path]:
    """Make what is not there yet, in parallel.

    Args:
        jobs: All clips of the set.
        workers: Processes; 1 is this one.

    Yields:
        Each finished clip's folder, those that were there first.
    """
    missing = [job for job in jobs if not job.path.is_dir()]
    yield from (job.path for job in jobs if job.path.is_dir())
    if workers == 1:
        yield from map(make_clip_files, missing)
        return
    with worker_pool(workers) as pool:
        futures = [pool.submit(make_clip_files, job) for job in missing]
        for future in as_completed(futures):
            yield future.result()
