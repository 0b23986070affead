"""Rendered crops as a dataset of mmpose's top-down estimators."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.dataset import Compose
from torch.utils.data import Dataset

from ..compat.mmpose import import_mmpose
from ..conventions import keypoint_names
from ..datasets.boxes import keypoint_box
from ..registry import DATASETS
from ..utils import InputError
from .crop_dataset import CropDataset
from .pose_metainfo import pose_metainfo

_MIN_VISIBLE = 4
_MIN_SIDE = 8.0
_MAX_TRIES = 100


@DATASETS.register_module()
class PoseCropDataset(Dataset):
    """Crops of ``semtta make-crops`` for a Runner of mmpose's.

    The person's box is that of the keypoints inside the crop. In a config of
    mmpose's: ``type='semtta_mm.PoseCropDataset'``.

    Args:
        folder: Folder of the data set, see
            :class:`~semtta_mm.training_data.CropDataset`.
        pipeline: Transforms of mmpose's.
        metainfo: As mmpose's datasets take it, with the keypoint names of
            ``convention``; None derives it from the convention.
        convention: Keypoint convention of the data set.
        margin: The box is enlarged by this share of its size on each side:
            keypoints lie inside of the body.
        hidden_weight: Weight of keypoints inside the crop that an object
            hides; 0 leaves them out.
        first: Index of the first crop.
        count: Number of crops; None takes the rest.
        test_mode: Items are never replaced.

    Raises:
        InputError: If the crops are bad, or the names of ``metainfo`` differ.
        MissingDependencyError: If mmpose is not installed.
    """

    METAINFO = pose_metainfo('coco_23')
    """Read by mmpose for models that were trained on this data set."""

    def __init__(
        self,
        folder: str | Path,
        pipeline: Sequence[dict[str, Any]] = (),
        metainfo: dict[str, Any] | None = None,
        convention: str = 'coco_23',
        margin: float = 0.08,
        hidden_weight: float = 0.5,
        first: int = 0,
        count: int | None = None,
        test_mode: bool = False,
    ) -> None:
        self.crops = CropDataset(folder)
        self.metainfo = _plain_metainfo(
            metainfo or pose_metainfo(convention), convention
        )
        self.pipeline = Compose(list(pipeline))
        self.margin, self.hidden_weight = margin, hidden_weight
        end = len(self.crops) if count is None else first + count
        self._indices = range(first, min(end, len(self.crops)))
        self.test_mode = test_mode
        if not self._indices:
            problem = f'{first} is beyond the {len(self.crops)} crops'
            raise InputError(folder, 'first', problem, 'render more crops')

    def full_init(self) -> None:
        """Does nothing; mmengine's wrappers call it."""

    def __len__(self) -> int:
        return len(self._indices)

    def __getitem__(self, index: int) -> dict[str, Any]:
        """One item after the pipeline.

        A crop with too few visible keypoints is replaced by a random one.

        Raises:
            RuntimeError: If no usable crop is found.
        """
        for _ in range(_MAX_TRIES):
            item = self.get_data_info(index)
            if self.test_mode or _is_usable(item):
                return self.pipeline(item)
            index = int(torch.randint(len(self), ()))
        raise RuntimeError(f'{_MAX_TRIES} crops without a visible person')

    def get_data_info(self, index: int) -> dict[str, Any]:
        """Item before the pipeline: keys of mmpose's top-down datasets."""
        crop = self.crops[self._indices[index]]
        image = crop['image'].permute(1, 2, 0).numpy()
        points = crop['keypoints'].numpy()
        side = image.shape[0]
        inside = ((points >= 0) & (points < side)).all(axis=1)
        visible = crop['visible'].numpy()
        # Rendered coordinates are from the crop's corner, those of mmpose
        # from the middle of the first pixel.
        points = points - 0.5
        weights = np.where(visible, 1.0, self.hidden_weight) * inside
        box = _enlarged(keypoint_box(points, inside), self.margin, side)
        return {
            'img': np.ascontiguousarray(image[..., ::-1]),  # BGR
            'img_path': None,
            'id': index,
            'img_id': index,
            'category_id': 1,
            'bbox': box[None].astype(np.float32),
            'bbox_score': np.ones(1, np.float32),
            'keypoints': points[None].astype(np.float32),
            'keypoints_visible': weights[None].astype(np.float32),
            **self.metainfo,
        }


def _enlarged(box: np.ndarray, margin: float, side: int) -> np.ndarray:
    """A box with margins, within the crop; the crop if it is no box."""
    size = box[2:] - box[:2]
    if not np.isfinite(box).all() or size.min() <= 0:
        return np.array([0, 0, side, side], np.float64)
    grown = np.concatenate([box[:2] - margin * size, box[2:] + margin * size])
    return grown.clip(0, side)


def _is_usable(item: dict[str, Any]) -> bool:
    x1, y1, x2, y2 = item['bbox'][0]
    seen = (item['keypoints_visible'] > 0).sum()
    return bool(seen >= _MIN_VISIBLE and min(x2 - x1, y2 - y1) >= _MIN_SIDE)


def _plain_metainfo(
    metainfo: dict[str, Any], convention: str
) -> dict[str, Any]:
    """Parsed metainfo of mmpose, as lists: checkpoints hold plain data only.

    Raises:
        InputError: If the keypoint names differ from the convention's.
    """
    parse = import_mmpose('datasets.datasets.utils').parse_pose_metainfo
    parsed = parse(metainfo)
    found = tuple(parsed['keypoint_id2name'].values())
    if found != keypoint_names(convention):
        problem = f'are {found}, not those of {convention}'
        fix = f'give the keypoints of {convention}, in its order'
        raise InputError('PoseCropDataset', 'metainfo', problem, fix)
    return {
        key: value.tolist() if isinstance(value, np.ndarray) else value
        for key, value in parsed.items()
    }
