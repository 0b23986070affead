"""People in a large image: the whole of it, and overlapping tiles."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import cv2
import numpy as np

from .base import FoundPeople, join_people
from .movenet import MULTIPLE

OVERLAP = 0.25
"""Share of a tile's side that it has in common with the next one."""
BORDER = 0.02
"""Share of a tile's side: a box that ends so near to an edge is cut."""
SAME_PERSON = 0.55
"""Intersection over union above which two boxes are one person."""


class _Network(Protocol):
    def __call__(
        self, images: np.ndarray, min_score: float
    ) -> list[FoundPeople]: ...


def tile_boxes(width: int, height: int, count: int) -> np.ndarray:
    """Overlapping tiles of an image.

    Args:
        width: Of the image, px.
        height: Of the image, px.
        count: Tiles along each side.

    Returns:
        ``[count * count, 4]`` (x1, y1, x2, y2), px, row by row.
    """
    size = np.array([width, height]) / (count - (count - 1) * OVERLAP)
    step = size * (1 - OVERLAP)
    index = np.stack(np.meshgrid(range(count), range(count)), -1)
    low = np.floor(index.reshape(-1, 2) * step)
    high = np.minimum(np.ceil(low + size), [width, height])
    return np.hstack([low, high]).astype(int)


def letterbox(image: np.ndarray, side: int) -> tuple[np.ndarray, float]:
    """Scale an image, and fill it up to multiples of the network's cells.

    Args:
        image: ``[H, W, 3]``.
        side: Longer side of the scaled image, px.

    Returns:
        The input, the image in its top left corner; and the scale.
    """
    height, width = image.shape[:2]
    scale = side / max(height, width)
    size = max(round(width * scale), 1), max(round(height * scale), 1)
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    down, right = (-n % MULTIPLE for n in small.shape[:2])
    return np.pad(small, ((0, down), (0, right), (0, 0))), scale


def people_in_image(
    network: _Network, image: np.ndarray, side: int, tiles: int, score: float
) -> FoundPeople:
    """:func:`in_tiles` with a network of a fixed size of input.

    Args:
        network: Finds people in a batch of images.
        image: ``[H, W, 3]``, BGR, uint8.
        side: Longer side of the network's input, px.
        tiles: Tiles along each side; 1 is only the whole image.
        score: Lower ones are left out.

    Returns:
        The people, px of the image.
    """

    def find(part: np.ndarray) -> FoundPeople:
        small, scale = letterbox(part, side)
        found = network(small[None], score)[0]
        return _to_image(found, scale, np.zeros(2))

    return in_tiles(find, image, tiles)


def in_tiles(
    find: Callable[[np.ndarray], FoundPeople], image: np.ndarray, tiles: int
) -> FoundPeople:
    """People in the whole image and, if wished, in its tiles.

    A person who is cut by the inner edge of a tile is left to the others.

    Args:
        find: Finds people in an image ``[h, w, 3]``, px of it.
        image: ``[H, W, 3]``, BGR, uint8.
        tiles: Tiles along each side; 1 is only the whole image.

    Returns:
        The people, px of the image.
    """
    found = find(image)
    if tiles == 1:
        return distinct(found)
    height, width = image.shape[:2]
    parts = [found]
    for box in tile_boxes(width, height, tiles):
        x1, y1, x2, y2 = box
        found = _to_image(find(image[y1:y2, x1:x2]), 1.0, box[:2])
        parts.append(found.take(~_is_cut(found.boxes, box, width, height)))
    return distinct(join_people(parts))


def distinct(people: FoundPeople) -> FoundPeople:
    """One of each person: the best of overlapping boxes."""
    kept: list[int] = []
    for i in range(len(people)):
        others = people.boxes[kept]
        if not (overlaps(people.boxes[i : i + 1], others) > SAME_PERSON).any():
            kept.append(i)
    return people.take(np.array(kept, int))


def overlaps(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Intersection over union ``[N, M]`` of boxes ``[N, 4]``, ``[M, 4]``."""
    low = np.maximum(first[:, None, :2], second[None, :, :2])
    high = np.minimum(first[:, None, 2:], second[None, :, 2:])
    common = np.clip(high - low, 0, None).prod(-1)
    areas = [
        np.clip(b[:, 2:] - b[:, :2], 0, None).prod(-1) for b in (first, second)
    ]
    union = areas[0][:, None] + areas[1] - common
    return np.divide(common, union, np.zeros_like(common), where=union > 0)


def _to_image(
    people: FoundPeople, scale: float, corner: np.ndarray
) -> FoundPeople:
    return FoundPeople(
        people.boxes / scale + np.tile(corner, 2),
        people.scores,
        people.keypoints / scale + corner,
        people.keypoint_scores,
    )


def _is_cut(
    boxes: np.ndarray, tile: np.ndarray, width: int, height: int
) -> np.ndarray:
    """Which boxes ``[N, 4]`` end at an edge of the tile within the image."""
    reach = BORDER * np.tile(tile[2:] - tile[:2], 2)
    near = np.abs(boxes - tile) < reach
    inner = tile != np.array([0, 0, width, height])
    return (near & inner).any(axis=1)
