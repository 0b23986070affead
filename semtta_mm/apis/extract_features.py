"""Running a network up to its head over crops, once."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import torch
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from torch import Tensor
from torch.utils.data import DataLoader

from ..models.trainers import HMRTrainer
from ..training_data.crop_dataset import CropDataset
from ..training_data.crop_features import CROP_LABELS, feature_file
from ..utils.progress import with_progress


@torch.no_grad()
def extract_features(
    trainer: HMRTrainer,
    dataset: CropDataset,
    folder: Path,
    batch_size: int = 128,
) -> None:
    """Write the inputs of the head for every crop, and the labels.

    The folder appears when it is complete.

    Args:
        trainer: In eval mode afterwards; its estimator has
            ``extract_features``.
        dataset: The crops.
        folder: Of the result, for
            :class:`~semtta_mm.training_data.CropFeatureDataset`.
        batch_size: Crops at a time.
    """
    trainer.eval()
    draft = folder.with_name(folder.name + '.draft')
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    files: dict[str, NDArray[Any]] = {}
    start = 0
    loader = DataLoader(dataset, batch_size)
    for batch in with_progress(loader, folder.name, len(loader)):
        rows = {name: batch[name] for name in CROP_LABELS}
        rows['features'] = _features(trainer, batch['image']).half()
        end = start + len(batch['image'])
        for name, values in rows.items():
            array = values.numpy()
            if name not in files:
                shape = (len(dataset), *array.shape[1:])
                files[name] = open_memmap(
                    draft / feature_file(name), 'w+', array.dtype, shape
                )
            files[name][start:end] = array
        start = end
    files.clear()  # flushes
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)


def _features(trainer: HMRTrainer, images: Tensor) -> Tensor:
    """``[B, D]``, float32, computed as in training."""
    kind = images.device.type
    with torch.autocast(kind, torch.bfloat16, enabled=trainer.bfloat16):
        features: Tensor = trainer.estimator.extract_features(images)
    return features
