"""Labelled crops of a source domain, for methods that rehearse them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...utils import InputError


@dataclass(frozen=True)
class SourceBank:
    """Labelled crops, and clusters of their features.

    Crops are kept as JPEG, so that ten thousand of 224 px take about 0.1 GB.

    Note:
        - crops: N; joints of SMPL: J = 24; clusters: C; numbers of a pooled
          feature: D

    Attributes:
        name: For messages: the file, or the source.
        jpeg: Each crop, encoded ``[bytes]``, uint8; N of them.
        pose: Rotation matrices ``[N, 24, 3, 3]``, in the crop's camera.
        betas: ``[N, 10]``.
        joints2d: ``[N, J, 2]``, in -1 to 1 over the crop.
        visible: Joints with a position in 2D ``[N, J]``, bool.
        joints3d: ``[N, J, 3]``, m, any origin; None: those of pose and betas.
        body: Body of the betas: ``'open'``, or ``'smpl'``.
        centres: Mean directions of the clusters ``[C, D]``, or None.
        cluster: Cluster of each crop ``[N]``, or None.
    """

    name: str
    jpeg: Sequence[NDArray[np.uint8]]
    pose: NDArray[np.float32]
    betas: NDArray[np.float32]
    joints2d: NDArray[np.float32]
    visible: NDArray[np.bool_]
    joints3d: NDArray[np.float32] | None = None
    body: str = 'open'
    centres: NDArray[np.float32] | None = None
    cluster: NDArray[np.int64] | None = None

    def __len__(self) -> int:
        return len(self.jpeg)

    def image(self, row: int, side: int) -> NDArray[np.uint8]:
        """One crop ``[side, side, 3]``, RGB, uint8.

        Args:
            row: Its number.
            side: px.

        Raises:
            InputError: If it cannot be decoded.
        """
        image = cv2.imdecode(self.jpeg[row], cv2.IMREAD_COLOR)
        if image is None:
            fix = 'make the bank again with `semtta make-source-bank`'
            problem = f'crop {row} cannot be decoded'
            raise InputError(self.name, 'jpeg', problem, fix)
        if image.shape[:2] != (side, side):
            image = cv2.resize(
                image, (side, side), interpolation=cv2.INTER_LINEAR
            )
        return np.ascontiguousarray(image[..., ::-1]).astype(np.uint8)

    def members(self, cluster: int) -> NDArray[np.int64]:
        """Numbers of the crops of a cluster."""
        assert self.cluster is not None
        return np.flatnonzero(self.cluster == cluster).astype(np.int64)

    def replaced(self, **changes: Any) -> SourceBank:
        """The same bank with some parts changed."""
        return replace(self, **changes)

    def check_body(self, is_open: bool) -> None:
        """Refuse shapes of another body.

        Args:
            is_open: Whether the method's body is the open one.

        Raises:
            InputError: If the bank's betas belong to another body.
        """
        wanted = 'open' if is_open else 'smpl'
        if self.body != wanted:
            raise InputError(
                self.name,
                'body',
                f'is {self.body!r}, but model.body is {wanted!r}: their '
                'shapes differ',
                'give a bank of the same body, or model.source=None',
            )


def encode_jpeg(image: NDArray[Any], quality: int = 90) -> NDArray[np.uint8]:
    """A crop as JPEG ``[bytes]``.

    Args:
        image: ``[S, S, 3]``, RGB, uint8.
        quality: 0 to 100.
    """
    done, data = cv2.imencode(
        '.jpg', image[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    if not done:
        raise ValueError(f'crop of shape {image.shape} cannot be encoded')
    return data.reshape(-1).astype(np.uint8)


def cluster_features(
    features: NDArray[Any], clusters: int, seed: int = 0, rounds: int = 100
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """k-means of directions: nearness is ``1 - cos``.

    Args:
        features: ``[N, D]``.
        clusters: Wanted number; there are fewer if some would be empty.
        seed: Of the initialisation.
        rounds: Of assignment and means, at most.

    Returns:
        Centres ``[C, D]``, float32, of length 1, and the cluster of each row
        ``[N]``: that of its nearest centre. No cluster is empty.
    """
    unit = _unit(np.asarray(features, np.float64))
    centres = _spread_rows(unit, clusters, np.random.default_rng(seed))
    cluster = (unit @ centres.T).argmax(axis=1)
    for _ in range(rounds):
        used, cluster = np.unique(cluster, return_inverse=True)
        sums = np.zeros((len(used), unit.shape[1]))
        np.add.at(sums, cluster, unit)
        centres = _unit(sums)
        nearest = (unit @ centres.T).argmax(axis=1)
        if np.array_equal(nearest, cluster):
            break
        cluster = nearest
    used, cluster = np.unique(cluster, return_inverse=True)
    return centres[used].astype(np.float32), cluster.astype(np.int64)


def _spread_rows(
    unit: NDArray[Any], count: int, rng: np.random.Generator
) -> NDArray[Any]:
    """Rows that are far from each other (k-means++), at most so many."""
    chosen = [int(rng.integers(len(unit)))]
    distance = 1 - unit @ unit[chosen[0]]
    while len(chosen) < count and distance.max() > 1e-9:
        weight = distance.clip(min=0)
        chosen.append(int(rng.choice(len(unit), p=weight / weight.sum())))
        distance = np.minimum(distance, 1 - unit @ unit[chosen[-1]])
    return unit[chosen]


def nearest_cluster(feature: NDArray[Any], bank: SourceBank) -> int:
    """The cluster whose centre has the least ``1 - cos`` to a feature.

    Args:
        feature: ``[D]``.
        bank: With clusters.
    """
    assert bank.centres is not None
    cosines = _unit(bank.centres) @ _unit(feature[None])[0]
    return int(cosines.argmax())


def _unit(rows: NDArray[Any]) -> NDArray[Any]:
    """Rows of length 1."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    unit: NDArray[Any] = rows / np.maximum(length, 1e-12)
    return unit
