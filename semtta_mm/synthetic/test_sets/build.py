"""Renders the missing clips of a test set, in parallel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from pathlib import Path

from ...models.bodies import SMPLBody
from ...utils.worker_pool import worker_pool
from .clip_job import ClipJob, make_clip_files
from .handheld import make_handheld_files
from .motions import choose_takes, source_motions
from .plan import FPS, TestSetPlan

_SLOWEST = 1.4
"""A restyled capture may be shorter than requested by this factor."""


def plan_clips(
    folder: Path, plan: TestSetPlan, cmu: Path | None = None
) -> list[ClipJob]:
    """Choose the motion of every clip.

    Args:
        folder: Of the test set.
        plan: Plan of the test set.
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
    """Render the missing clips, in parallel.

    Args:
        jobs: All clips of the set.
        workers: Number of processes; 1 uses the current process.

    Yields:
        Folder of each finished clip, the existing ones first.
    """
    missing = [job for job in jobs if not job.path.is_dir()]
    yield from (job.path for job in jobs if job.path.is_dir())
    if workers == 1:
        yield from map(make_files, missing)
        return
    with worker_pool(workers) as pool:
        futures = [pool.submit(make_files, job) for job in missing]
        for future in as_completed(futures):
            yield future.result()


def make_files(job: ClipJob) -> Path:
    """Render one clip; see :func:`.make_clip_files`."""
    if job.plan.shift == 'handheld':
        return make_handheld_files(job)
    return make_clip_files(job)
