"""Features of crops, to train the head of a network."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from ..registry import DATASETS
from ..utils import InputError

CROP_LABELS = ('pose', 'betas', 'keypoints', 'visible')
"""Arrays of a crop that are kept beside its features."""


def feature_file(name: str) -> str:
    """File name of an array: ``'features'`` or one of :data:`CROP_LABELS`."""
    # The file name of features is that of the first release.
    return f'{"description" if name == "features" else name}.npy'


@DATASETS.register_module()
class CropFeatureDataset(Dataset):
    """Features and labels of crops, in memory.

    Args:
        folder: Output of ``semtta extract-features``.

    Raises:
        InputError: If a file is missing or broken.
    """

    def __init__(self, folder: str | Path) -> None:
        self.metainfo: dict[str, str] = {}  # read by mmengine.ConcatDataset
        fix = 'make it with `semtta extract-features`'
        self.arrays: dict[str, Tensor] = {}
        for name in ('features', *CROP_LABELS):
            file = Path(folder) / feature_file(name)
            try:
                array = np.load(file, allow_pickle=False)
            except (OSError, ValueError, EOFError) as error:
                problem = f'cannot be read ({error})'
                raise InputError(file, name, problem, fix) from error
            self.arrays[name] = torch.from_numpy(array)

    def full_init(self) -> None:
        """Does nothing; mmengine's ConcatDataset calls it."""

    def __len__(self) -> int:
        return len(self.arrays['features'])

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        """One row: ``features`` ``[D]``, the labels, and its ``index``."""
        values = {name: array[index] for name, array in self.arrays.items()}
        return values | {'index': torch.tensor(index)}


@DATASETS.register_module()
class DescriptionDataset(CropFeatureDataset):
    """Former name of :class:`CropFeatureDataset`.

    Args:
        folder: See :class:`CropFeatureDataset`.
    """

    def __init__(self, folder: str | Path) -> None:
        warnings.warn(
            'DescriptionDataset is deprecated: write CropFeatureDataset',
            FutureWarning,
            stacklevel=2,
        )
        super().__init__(folder)
