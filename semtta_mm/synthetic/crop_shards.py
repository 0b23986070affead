"""Rendering shards of training crops, in parallel and resumable.

The layout is that of :mod:`semtta_mm.training_data.crop_dataset`; a shard
folder has its final name once it is complete.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from ..models.bodies import SMPLBody
from ..training_data import CROP_ARRAYS
from ..utils.worker_pool import worker_pool
from .poses import PoseSampler, sample_betas
from .scene import CropRenderer
from .scene.panoramas import load_panoramas


@dataclass(frozen=True)
class ShardJob:
    """One shard to render.

    Attributes:
        folder: Of the data set.
        index: Number of the shard; with ``seed`` it determines the crops.
        count: Crops in the shard.
        seed: Of the data set.
        size: Side of the crops, px.
        places: Whether most backgrounds are photos of real places.
        wide_views: Probability of a view beyond the common ones.
    """

    folder: Path
    index: int
    count: int
    seed: int
    size: int
    places: bool = False
    wide_views: float = 0.0

    @property
    def path(self) -> Path:
        """Folder of the shard."""
        return self.folder / f'shard_{self.index:05d}'


def make_shard(job: ShardJob, poses: PoseSampler) -> Path:
    """Render one shard; an interrupted one does not get its final name.

    Args:
        job: The shard.
        poses: Draws the poses.

    Returns:
        Folder of the shard.
    """
    torch.set_num_threads(1)
    rng = np.random.default_rng([job.seed, job.index])
    panoramas = load_panoramas() if job.places else []
    renderer = CropRenderer(
        SMPLBody(),
        job.size,
        panoramas=panoramas,
        wide_views=job.wide_views,
    )
    pose = poses.frames(job.count, rng)
    betas = sample_betas(job.count, rng)
    crops = [renderer(p, b, rng) for p, b in zip(pose, betas, strict=True)]
    unfinished = job.path.with_suffix('.part')
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name in CROP_ARRAYS:
        values = np.stack([getattr(crop, name) for crop in crops])
        np.save(unfinished / f'{name}.npy', values)
    unfinished.rename(job.path)
    return job.path


def make_shards(
    jobs: Sequence[ShardJob], poses: PoseSampler, workers: int
) -> Iterator[Path]:
    """Render the missing shards, in parallel.

    Args:
        jobs: All shards of the data set.
        poses: Draws the poses.
        workers: Number of processes.

    Yields:
        Each finished shard, the existing ones first.
    """
    missing = [job for job in jobs if not job.path.is_dir()]
    yield from (job.path for job in jobs if job.path.is_dir())
    with worker_pool(workers) as pool:
        futures = [pool.submit(make_shard, job, poses) for job in missing]
        for future in as_completed(futures):
            yield future.result()
