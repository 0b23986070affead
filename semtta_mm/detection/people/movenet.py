"""MoveNet multipose: boxes and keypoints of several people at once.

MoveNet MultiPose Lightning (Google, Apache-2.0) is CenterNet on MobileNetV2
with a feature pyramid. Its graph is run up to the last convolutions; the
choice of people is written here, so that it is not limited to six, and
several tiles of an image are one batch.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from scipy.ndimage import maximum_filter
from scipy.special import expit

from .base import FoundPeople, join_people
from .graph_model import GraphModel

STRIDE = 4
"""Input px a cell of the network's output."""
MULTIPLE = 32
"""Sides of the input are multiples of it."""
KEYPOINTS = 17
_NEIGHBOURS = 5
_REACH = 0.300048828125
"""Of the graph: how far a keypoint may be from its regressed place."""
_OUTPUTS = (
    'center_0/conv2d_4/BiasAdd',
    'box_scale_0/conv2d_5/BiasAdd',
    'box_offset_0/conv2d_6/BiasAdd',
    'kpt_heatmap_0/conv2d_7/BiasAdd',
    'kpt_regress_0/conv2d_8/BiasAdd',
    'kpt_offset_0/conv2d_9/BiasAdd',
)


class MoveNetMultiPose:
    """The network.

    Args:
        topology: ``movenet-multipose.json``.
        data: ``movenet-multipose.bin``.

    Raises:
        InputError: If the files are of another network.
    """

    def __init__(self, topology: Path, data: Path) -> None:
        self._graph = GraphModel(topology, data, _OUTPUTS)

    def __call__(
        self, images: np.ndarray, min_score: float
    ) -> list[FoundPeople]:
        """Find people.

        Args:
            images: ``[B, H, W, 3]``, BGR, uint8; sides are multiples of
                :data:`MULTIPLE`.
            min_score: Lower ones are left out.

        Returns:
            The people of each image, in px of its own.
        """
        rgb = np.ascontiguousarray(images[..., ::-1])
        values = torch.from_numpy(rgb).float()  # the graph scales them
        maps = [m.float().numpy() for m in self._graph(values)]
        return [
            decode_people(NetworkMaps(*(m[i] for m in maps)), min_score)
            for i in range(len(images))
        ]


class NetworkMaps(NamedTuple):
    """Raw output of the network for one image.

    Attributes:
        centers: Logits of a person's centre ``[h, w, 1]``.
        box_sizes: Height and width in cells ``[h, w, 2]``.
        box_offsets: From a cell to the centre (y, x) ``[h, w, 2]``.
        heatmaps: Logits of keypoints ``[h, w, 17]``.
        regressed: From a centre to its keypoints (y, x) ``[h, w, 34]``.
        keypoint_offsets: From a cell to the keypoint (y, x) ``[h, w, 34]``.
    """

    centers: np.ndarray
    box_sizes: np.ndarray
    box_offsets: np.ndarray
    heatmaps: np.ndarray
    regressed: np.ndarray
    keypoint_offsets: np.ndarray


def decode_people(maps: NetworkMaps, min_score: float) -> FoundPeople:
    """People in the maps of one image.

    Args:
        maps: Of the network.
        min_score: Lowest product of the centre's and the mean keypoint's
            score, as in the published graph.

    Returns:
        The people, px of the network's input.
    """
    heat = expit(maps.centers[..., 0])
    peaks = heat == maximum_filter(heat, _NEIGHBOURS, mode='constant')
    # The mean of the keypoints is at most 1: lower ones need no look.
    rows, columns = np.nonzero(peaks & (heat >= min_score))
    order = np.argsort(-heat[rows, columns], kind='stable')
    cells = np.stack([rows[order], columns[order]], axis=1)
    boxes = _boxes(cells, maps.box_sizes, maps.box_offsets)
    points, scores = _keypoints(
        cells,
        boxes,
        expit(maps.heatmaps),
        maps.regressed,
        maps.keypoint_offsets,
    )
    certain = scores > 0.126953125  # of the graph
    means = (scores * certain).sum(axis=1) / np.maximum(certain.sum(1), 1)
    total = heat[cells[:, 0], cells[:, 1]] * means
    found = FoundPeople(
        STRIDE * boxes[:, [1, 0, 3, 2]],
        total,
        STRIDE * points[..., ::-1],
        scores,
    )
    return join_people([found.take(total >= min_score)])


def _boxes(
    cells: np.ndarray, sizes: np.ndarray, offsets: np.ndarray
) -> np.ndarray:
    """Boxes ``[N, 4]`` (y1, x1, y2, x2) in cells, within the image."""
    at = tuple(cells.T)
    centre = cells + offsets[at]
    half = np.maximum(sizes[at], 0) / 2
    limit = np.tile(sizes.shape[:2], 2)
    return np.clip(np.hstack([centre - half, centre + half]), 0, limit)


def _keypoints(
    cells: np.ndarray,
    boxes: np.ndarray,
    heatmaps: np.ndarray,
    regressed: np.ndarray,
    offsets: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Best peak near the regressed place of each keypoint, in the box.

    Returns:
        ``[N, 17, 2]`` (y, x) in cells, and scores ``[N, 17]``.
    """
    height, width, count = heatmaps.shape
    guesses = regressed[tuple(cells.T)].reshape(-1, count, 2) + cells[:, None]
    spread = _REACH * min(height, width)
    offsets = offsets.reshape(height, width, count, 2)
    points = np.zeros((len(cells), count, 2), np.float32)
    scores = np.zeros((len(cells), count), np.float32)
    for n, (box, guess) in enumerate(zip(boxes, guesses, strict=True)):
        low = np.ceil(box[:2]).astype(int)
        high = np.maximum(np.ceil(box[2:]).astype(int), low + 1)
        part = heatmaps[low[0] : high[0], low[1] : high[1]]
        if not part.size:
            continue
        y = low[0] + np.arange(part.shape[0])
        x = low[1] + np.arange(part.shape[1])
        far = (y[:, None, None] - guess[:, 0]) ** 2
        far = far + (x[None, :, None] - guess[:, 1]) ** 2
        weighted = (part * np.exp(-far / spread)).reshape(-1, count)
        best = weighted.argmax(axis=0)
        row, column = np.divmod(best, part.shape[1])
        row, column = row + low[0], column + low[1]
        k = np.arange(count)
        scores[n] = weighted[best, k]
        points[n] = np.stack([row, column], 1) + offsets[row, column, k]
    return points, scores
