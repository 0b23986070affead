"""Many crops on disk: made in parallel, resumable, read without loading.

A data set is a folder of shards; a shard is a folder of ``.npy`` files, one
an array (see :class:`~semtta_mm.synthetic.scene.Crop`), and is complete once
it has its name.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import as_completed
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from ..conventions import flip_index
from ..models.bodies import SMPLBody
from ..registry import DATASETS
from ..utils import InputError
from ..utils.worker_pool import worker_pool
from .motions import mirror_pose
from .poses import PoseSampler, sample_betas
from .scene import Crop, CropRenderer
from .scene.panoramas import load_panoramas

ARRAYS = tuple(field.name for field in fields(Crop))


@dataclass(frozen=True)
class ShardJob:
    """What one process makes.

    Attributes:
        folder: Of the data set.
        index: Number of the shard; with ``seed`` it decides everything.
        count: Crops in the shard.
        seed: Of the data set.
        size: Side of the crops, px.
        places: Whether real places stand behind most people.
    """

    folder: Path
    index: int
    count: int
    seed: int
    size: int
    places: bool = False

    @property
    def path(self) -> Path:
        """Folder of the shard."""
        return self.folder / f'shard_{self.index:05d}'


def make_shard(job: ShardJob, poses: PoseSampler) -> Path:
    """Render one shard; nothing is left behind if it is interrupted.

    Args:
        job: What to make.
        poses: Draws the poses.

    Returns:
        Folder of the shard.
    """
    torch.set_num_threads(1)
    rng = np.random.default_rng([job.seed, job.index])
    panoramas = load_panoramas() if job.places else []
    renderer = CropRenderer(SMPLBody(), job.size, panoramas=panoramas)
    pose = poses.frames(job.count, rng)
    betas = sample_betas(job.count, rng)
    crops = [renderer(p, b, rng) for p, b in zip(pose, betas, strict=True)]
    unfinished = job.path.with_suffix('.part')
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    for name in ARRAYS:
        values = np.stack([getattr(crop, name) for crop in crops])
        np.save(unfinished / f'{name}.npy', values)
    unfinished.rename(job.path)
    return job.path


def make_shards(
    jobs: Sequence[ShardJob], poses: PoseSampler, workers: int
) -> Iterator[Path]:
    """Make what is not there yet, in parallel.

    Args:
        jobs: All shards of the data set.
        poses: Draws the poses.
        workers: Processes.

    Yields:
        Each finished shard, those that were there first.
    """
    missing = [job for job in jobs if not job.path.is_dir()]
    yield from (job.path for job in jobs if job.path.is_dir())
    with worker_pool(workers) as pool:
        futures = [pool.submit(make_shard, job, poses) for job in missing]
        for future in as_completed(futures):
            yield future.result()


@DATASETS.register_module()
class CropDataset(Dataset):
    """Crops of a folder of shards, memory-mapped.

    Args:
        folder: Folder of the data set.
        mirrored: Chance that an item is shown in a mirror, drawn anew each
            time from torch's generator.
        convention: Keypoint convention of the data set.

    Raises:
        InputError: If there is no shard, or an array of one is missing or
            broken.
    """

    def __init__(
        self,
        folder: str | Path,
        mirrored: float = 0.0,
        convention: str = 'coco_23',
    ) -> None:
        folder = Path(folder)
        self.mirrored = mirrored
        self.convention = convention
        self.metainfo: dict[str, str] = {}  # mmengine's ConcatDataset asks
        paths = sorted(folder.glob('shard_[0-9]*[0-9]'))
        if not paths:
            raise InputError(
                folder, 'shards', 'there is none', 'run tools/make_crops.py'
            )
        self._shards = [_open_shard(path) for path in paths]
        lengths = [len(shard['image']) for shard in self._shards]
        self._ends = np.cumsum(lengths)

    def full_init(self) -> None:
        """Nothing is left to do; mmengine's ConcatDataset asks for it."""

    def __len__(self) -> int:
        return int(self._ends[-1])

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        """One crop and its ``index``; ``image`` is ``[3, S, S]``, RGB."""
        if not -len(self) <= index < len(self):
            raise IndexError(f'{index} of {len(self)} crops')
        index %= len(self)
        shard = int(np.searchsorted(self._ends, index, side='right'))
        row = index - (int(self._ends[shard - 1]) if shard else 0)
        arrays = self._shards[shard]
        values = {
            k: torch.from_numpy(v[row].copy()) for k, v in arrays.items()
        }
        values['image'] = values['image'].permute(2, 0, 1).contiguous()
        values['index'] = torch.tensor(index)
        if self.mirrored and torch.rand(()) < self.mirrored:
            return mirror_item(values, self.convention)
        return values


def mirror_item(item: dict[str, Tensor], convention: str) -> dict[str, Tensor]:
    """A crop and its labels as a mirror shows them.

    Args:
        item: What :class:`CropDataset` gives.
        convention: Of its keypoints.

    Returns:
        A new item. The camera's centre is the crop's, so it stays.
    """
    flip = torch.tensor(flip_index(convention))
    out = dict(item)
    out['image'] = item['image'].flip(-1)
    out['pose'] = torch.from_numpy(mirror_pose(item['pose'].numpy())).float()
    out['transl'] = item['transl'] * item['transl'].new_tensor([-1, 1, 1])
    out['keypoints'] = item['keypoints'][flip].clone()
    out['keypoints'][:, 0] = item['image'].shape[-1] - out['keypoints'][:, 0]
    out['visible'] = item['visible'][flip]
    return out


def _open_shard(path: Path) -> dict[str, np.ndarray]:
    fix = 'delete this shard and run tools/make_crops.py again'
    arrays = {}
    for name in ARRAYS:
        file = path / f'{name}.npy'
        try:
            arrays[name] = np.load(file, mmap_mode='r', allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise InputError(
                file, name, f'cannot be read ({error})', fix
            ) from error
    lengths = {name: len(array) for name, array in arrays.items()}
    if len(set(lengths.values())) != 1:
        raise InputError(path, 'length', f'arrays differ: {lengths}', fix)
    return arrays
