"""Crops as a network describes them, kept on disk to train its head on."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import torch
from numpy.lib.format import open_memmap
from rich.progress import track as progress
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from ..models.trainers import HMRTrainer
from ..registry import DATASETS
from ..utils import InputError
from ..utils.console import make_console
from .crop_shards import CropDataset

LABELS = ('pose', 'betas', 'keypoints', 'visible')


@torch.no_grad()
def describe_crops(
    trainer: HMRTrainer,
    dataset: CropDataset,
    folder: Path,
    batch_size: int = 128,
) -> None:
    """Write what the trunk tells the head of every crop, and the labels.

    The folder is whole or not there.

    Args:
        trainer: In eval mode afterwards; its estimator can
            ``describe``.
        dataset: The crops.
        folder: Of the result.
        batch_size: Crops at a time.
    """
    trainer.eval()
    draft = folder.with_name(folder.name + '.draft')
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    files: dict[str, np.ndarray] = {}
    start = 0
    loader = DataLoader(dataset, batch_size)
    console = make_console(stderr=True)
    for batch in progress(
        loader, folder.name, console=console, disable=not console.is_terminal
    ):
        rows = {name: batch[name] for name in LABELS}
        rows['description'] = _describe(trainer, batch['image']).half()
        end = start + len(batch['image'])
        for name, values in rows.items():
            array = values.numpy()
            if name not in files:
                shape = (len(dataset), *array.shape[1:])
                files[name] = open_memmap(
                    draft / f'{name}.npy', 'w+', array.dtype, shape
                )
            files[name][start:end] = array
        start = end
    files.clear()  # flushes
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def _describe(trainer: HMRTrainer, images: Tensor) -> Tensor:
    """``[B, D]``, float32, computed as in training."""
    kind = images.device.type
    with torch.autocast(kind, torch.bfloat16, enabled=trainer.bfloat16):
        return trainer.estimator.describe(images)


@DATASETS.register_module()
class DescriptionDataset(Dataset):
    """What :func:`describe_crops` wrote, in memory.

    Args:
        folder: The folder.

    Raises:
        InputError: If a file is missing or broken.
    """

    def __init__(self, folder: str | Path) -> None:
        self.metainfo: dict[str, str] = {}  # mmengine's ConcatDataset asks
        fix = 'make it with `semtta extract-features`'
        self.arrays: dict[str, Tensor] = {}
        for name in ('description', *LABELS):
            file = Path(folder) / f'{name}.npy'
            try:
                array = np.load(file, allow_pickle=False)
            except (OSError, ValueError, EOFError) as error:
                problem = f'cannot be read ({error})'
                raise InputError(file, name, problem, fix) from error
            self.arrays[name] = torch.from_numpy(array)

    def full_init(self) -> None:
        """Nothing is left to do; mmengine's ConcatDataset asks for it."""

    def __len__(self) -> int:
        return len(self.arrays['description'])

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        """One row of each array, and its ``index``."""
        values = {name: array[index] for name, array in self.arrays.items()}
        return values | {'index': torch.tensor(index)}
