"""The interface of person detectors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np


@dataclass(frozen=True)
class FoundPeople:
    """People in one image.

    Note:
        - people: N

    Attributes:
        boxes: ``[N, 4]`` (x1, y1, x2, y2), px.
        scores: ``[N]`` in [0, 1], the highest first.
        keypoints: COCO's ``[N, 17, 2]`` (x, y), px.
        keypoint_scores: ``[N, 17]`` in [0, 1].
    """

    boxes: np.ndarray
    scores: np.ndarray
    keypoints: np.ndarray
    keypoint_scores: np.ndarray

    def __len__(self) -> int:
        return len(self.scores)

    def take(self, rows: np.ndarray) -> FoundPeople:
        """Some of the people, by index or mask."""
        return FoundPeople(
            self.boxes[rows],
            self.scores[rows],
            self.keypoints[rows],
            self.keypoint_scores[rows],
        )


def join_people(parts: list[FoundPeople]) -> FoundPeople:
    """People of several parts of an image, the best first."""
    joined = FoundPeople(
        np.concatenate([p.boxes for p in parts]),
        np.concatenate([p.scores for p in parts]),
        np.concatenate([p.keypoints for p in parts]),
        np.concatenate([p.keypoint_scores for p in parts]),
    )
    return joined.take(np.argsort(-joined.scores, kind='stable'))


class PersonDetector(ABC):
    """Finds all people in an image.

    Sub-classes are registered in :data:`semtta_mm.registry.TASK_UTILS`.
    """

    @abstractmethod
    def settings(self) -> Mapping[str, Any]:
        """All values that the result depends on, as plain ones."""

    @abstractmethod
    def find(self, image: np.ndarray, tiles: int = 1) -> FoundPeople:
        """Find people.

        Args:
            image: ``[H, W, 3]``, BGR, uint8.
            tiles: Overlapping tiles along each side that are searched
                besides the whole image; 1 is only the whole image.

        Returns:
            The people, px of the image; one box for each.
        """
