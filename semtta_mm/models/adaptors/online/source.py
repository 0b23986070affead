"""Labelled crops of a source bank as inputs of an online method."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ....datasets.source_bank import SourceBank, cluster_features
from ....structures import SMPLParams
from ....utils import InputError
from ...bodies import SMPLBody
from ...estimators import MeshEstimator
from .step import SourceSample


def pooled(features: Tensor) -> Tensor:
    """Means over positions of the trunk's features ``[B, D]``."""
    return features.flatten(2).mean(dim=-1) if features.dim() > 2 else features


@torch.no_grad()
def with_joints(bank: SourceBank, body: SMPLBody) -> SourceBank:
    """A bank with 3D joints, computed where it has none.

    Args:
        bank: The bank.
        body: Poses its parameters.
    """
    if bank.joints3d is not None:
        return bank
    device = body.v_template.device
    params = SMPLParams.from_pose(
        torch.from_numpy(bank.pose).to(device),
        torch.from_numpy(bank.betas).to(device),
    )
    return bank.replaced(joints3d=body.joints_only(params).cpu().numpy())


@torch.no_grad()
def bank_features(
    bank: SourceBank, estimator: MeshEstimator, batch_size: int = 64
) -> NDArray[np.float32]:
    """Pooled features of all crops ``[N, D]``, float32.

    Args:
        bank: The bank.
        estimator: In eval mode.
        batch_size: Crops at a time.
    """
    parts = []
    for start in range(0, len(bank), batch_size):
        rows = range(start, min(start + batch_size, len(bank)))
        images = bank_images(bank, rows, estimator)
        parts.append(pooled(estimator.extract_features(images)).cpu().numpy())
    joined: NDArray[np.float32] = np.concatenate(parts).astype(np.float32)
    return joined


def clustered(
    bank: SourceBank, estimator: MeshEstimator, clusters: int, seed: int = 0
) -> SourceBank:
    """A bank whose clusters belong to an estimator.

    Args:
        bank: The bank.
        estimator: In eval mode; its features are compared.
        clusters: Number of clusters.
        seed: Of their initialisation.
    """
    features = bank_features(bank, estimator)
    centres, cluster = cluster_features(features, clusters, seed)
    return bank.replaced(centres=centres, cluster=cluster)


def check_centres(bank: SourceBank, features: Tensor) -> None:
    """Refuse clusters of another network.

    Args:
        bank: With clusters.
        features: Pooled features ``[B, D]`` of the network.

    Raises:
        InputError: If their lengths differ, or there are no clusters.
    """
    fix = 'set model.clusters=N to cluster it anew with this network'
    if bank.centres is None:
        raise InputError(bank.name, 'centres', 'are absent', fix)
    found, wanted = bank.centres.shape[1], features.shape[1]
    if found != wanted:
        problem = f'have {found} numbers, features of this network {wanted}'
        raise InputError(bank.name, 'centres', problem, fix)


def bank_images(
    bank: SourceBank, rows: Sequence[int], estimator: MeshEstimator
) -> Tensor:
    """RGB crops ``[S, 3, side, side]``, uint8, on the estimator's device."""
    side = estimator.input_size
    images = np.stack([bank.image(row, side) for row in rows])
    moved = torch.from_numpy(images).permute(0, 3, 1, 2).contiguous()
    return moved.to(estimator.mean.device)


@torch.no_grad()
def source_sample(
    bank: SourceBank,
    rows: Sequence[int],
    estimator: MeshEstimator,
    head: bool,
) -> SourceSample:
    """Some crops of a bank, with labels.

    Args:
        bank: With 3D joints.
        rows: Numbers of the crops.
        estimator: In eval mode.
        head: Whether the inputs are features of the frozen trunk.
    """
    assert bank.joints3d is not None
    images = bank_images(bank, rows, estimator)
    inputs = estimator.extract_features(images) if head else images
    at = list(rows)

    def moved(values: NDArray[Any]) -> Tensor:
        return torch.from_numpy(values[at]).float().to(images.device)

    return SourceSample(
        inputs=inputs,
        pose=moved(bank.pose),
        betas=moved(bank.betas),
        joints3d=moved(bank.joints3d),
        joints2d=moved(bank.joints2d),
        confidence=moved(bank.visible),
    )
