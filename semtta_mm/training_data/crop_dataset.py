"""Training crops of a folder of shards, memory-mapped.

A data set is a folder of shards. A shard is a folder of ``.npy`` files, one
per array of :data:`ARRAYS`, with a row for each crop.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from ..conventions import flip_index
from ..registry import DATASETS
from ..utils import InputError
from .motion_clip import mirror_pose

ARRAYS = (
    'image',
    'pose',
    'betas',
    'transl',
    'intrinsics',
    'keypoints',
    'visible',
)
"""Arrays of a shard; their units are those of
:class:`~semtta_mm.synthetic.scene.Crop`."""


@DATASETS.register_module()
class CropDataset(Dataset):
    """Crops of a folder of shards, memory-mapped.

    Args:
        folder: Folder of the data set.
        mirrored: Probability that an item is mirrored, drawn for each access
            from torch's generator.
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
        self.metainfo: dict[str, str] = {}  # read by mmengine.ConcatDataset
        paths = sorted(folder.glob('shard_[0-9]*[0-9]'))
        if not paths:
            raise InputError(
                folder, 'shards', 'are missing', 'run tools/make_crops.py'
            )
        self._shards = [_open_shard(path) for path in paths]
        lengths = [len(shard['image']) for shard in self._shards]
        self._ends = np.cumsum(lengths)

    def full_init(self) -> None:
        """Does nothing; mmengine's ConcatDataset calls it."""

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
    """A crop and its labels, mirrored left to right.

    Args:
        item: Item of :class:`CropDataset`.
        convention: Convention of its keypoints.

    Returns:
        A new item. The principal point is the crop's centre: unchanged.
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
