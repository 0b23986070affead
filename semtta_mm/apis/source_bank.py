"""Source banks from rendered crops."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..checkpoints.weights import load_weights
from ..datasets.source_bank import SourceBank, encode_jpeg, normalized_to_box
from ..geometry import project_points
from ..models.bodies import SMPLBody
from ..models.estimators import MeshEstimator
from ..registry import MODELS
from ..structures import SMPLParams
from ..training_data import CropDataset
from ..utils import InputError


def crops_to_bank(
    dataset: CropDataset, count: int, body: SMPLBody, seed: int = 0
) -> SourceBank:
    """Random crops of a data set with exact labels, without clusters.

    Args:
        dataset: Of ``semtta make-crops``.
        count: Crops to keep, at most.
        body: That the crops show: the open one.
        seed: Of the choice.
    """
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(dataset))[:count]
    items = [dataset[int(row)] for row in np.sort(rows)]
    arrays = [_labels(item, body) for item in items]
    images = [item['image'].permute(1, 2, 0).numpy() for item in items]
    return SourceBank(
        name='crops',
        jpeg=[encode_jpeg(image) for image in images],
        body='open' if body.is_open else 'smpl',
        **{
            name: np.concatenate([values[name] for values in arrays])
            for name in arrays[0]
        },
    )


@torch.no_grad()
def _labels(
    item: Mapping[str, Tensor], body: SMPLBody
) -> dict[str, NDArray[Any]]:
    """Pose, shape and joints of a crop, one row each."""
    pose, betas = item['pose'][None], item['betas'][None]
    joints = body.joints_only(SMPLParams.from_pose(pose, betas))
    pixels = project_points(
        joints + item['transl'][None, None], item['intrinsics'][None]
    ).numpy()
    side = item['image'].shape[-1]
    boxes = np.array([[0.0, 0, side, side]])
    return {
        'pose': pose.numpy(),
        'betas': betas.numpy(),
        'joints2d': normalized_to_box(pixels, boxes),
        'visible': ((pixels >= 0) & (pixels < side)).all(axis=-1),
        'joints3d': joints.numpy(),
    }


def estimator_of(config: Mapping[str, Any], name: str) -> MeshEstimator:
    """The pre-trained network of a config that adapts, in eval mode.

    Args:
        config: With ``model.estimator`` and ``model.weights``.
        name: For messages.

    Raises:
        InputError: If it has no network, or the weights do not fit.
    """
    model = config.get('model') or {}
    if 'estimator' not in model:
        fix = 'name a config such as dynaboa_hmr_demo.py'
        raise InputError(name, 'model.estimator', 'is absent', fix)
    estimator: MeshEstimator = MODELS.build(model['estimator'])
    if model.get('weights') is not None:
        load_weights(estimator, model['weights'])
    estimator.eval()
    return estimator
