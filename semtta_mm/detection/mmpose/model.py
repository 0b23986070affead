"""A top-down estimator of mmpose on crops of many frames at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from mmengine.dataset import Compose, pseudo_collate

from ...compat.mmpose import init_pose_model, mmpose_scope
from ...conventions import keypoint_names
from ...utils import InputError
from .convention import recognise_convention
from .sources import PoseSource, test_pipeline


class TopdownModel:
    """A built model and its test pipeline.

    mmpose's ``inference_topdown`` builds the pipeline anew for each image and
    runs the boxes of one image as a batch. Here the pipeline is built once,
    and crops of different frames share a batch.

    Args:
        source: Config and checkpoint.
        device: Torch device.

    Raises:
        MissingDependencyError: If mmpose is not installed.
        InputError: If the checkpoint does not fit, or its keypoints are of
            an unknown convention.
    """

    def __init__(self, source: PoseSource, device: str = 'cpu') -> None:
        model: Any = init_pose_model(source.config, source.checkpoint, device)
        self._model = model
        self._source = source
        self._meta: dict[str, Any] = dict(model.dataset_meta or {})
        self.convention = recognise_convention(self._meta, source.name)
        with mmpose_scope():
            self._pipeline = Compose(test_pipeline(source.config, source.name))

    def crop(self, image: np.ndarray, box: np.ndarray) -> dict[str, Any]:
        """Input of the network for one box.

        Args:
            image: ``[H, W, 3]``, BGR, uint8.
            box: ``[4]`` (x1, y1, x2, y2), px.

        Returns:
            An item for :meth:`predict`; it does not hold the image.
        """
        data = {
            'img': image,
            'bbox': np.asarray(box, np.float32)[None],
            'bbox_score': np.ones(1, np.float32),
            **self._meta,
        }
        with mmpose_scope():
            item: dict[str, Any] = self._pipeline(data)
        return item

    def predict(
        self, items: Sequence[dict[str, Any]]
    ) -> tuple[np.ndarray, np.ndarray]:
        """Keypoints of a batch.

        Args:
            items: N items of :meth:`crop`.

        Returns:
            Keypoints ``[N, K, 2]``, px of the image, as mmpose counts them (0
            in the middle of the first pixel), and scores ``[N, K]`` in
            [0, 1].

        Raises:
            InputError: If the network has more or fewer keypoints than its
                convention.
        """
        with mmpose_scope(), torch.no_grad():
            samples = self._model.test_step(pseudo_collate(list(items)))
        found = [sample.pred_instances for sample in samples]
        points = np.stack([_array(one.keypoints)[0] for one in found])
        scores = np.stack([_array(one.keypoint_scores)[0] for one in found])
        count = len(keypoint_names(self.convention))
        if points.shape[1] != count:
            raise InputError(
                self._source.name,
                'dataset_meta',
                f'is that of {self.convention}, the network has '
                f'{points.shape[1]} keypoints',
                "give the data set's metainfo in the config",
            )
        # Peaks of a SimCC head are not bounded.
        return points[..., :2], scores.clip(0, 1)


def _array(values: Any) -> np.ndarray:
    if isinstance(values, torch.Tensor):
        values = values.cpu().numpy()
    return np.asarray(values)
