"""Boxes of one person in a video, before any keypoint is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class PersonBoxes:
    """Where one person is in a video.

    Note:
        - frames with a box: T

    Attributes:
        person: Identity in the video, from 0 in the order of appearance.
        frame_ids: Frame numbers ``[T]``, strictly increasing.
        boxes: Tight boxes ``[T, 4]`` (x1, y1, x2, y2), px of the image.
        scores: Of the person detector ``[T]`` in [0, 1]; NaN in frames
            whose box is interpolated.

    Raises:
        ValueError: If a shape or an order is wrong.
    """

    person: int
    frame_ids: NDArray[Any]
    boxes: NDArray[Any]
    scores: NDArray[Any]

    def __post_init__(self) -> None:
        t = len(self.frame_ids)
        if self.boxes.shape != (t, 4) or self.scores.shape != (t,):
            shapes = f'{self.boxes.shape} and {self.scores.shape}'
            raise ValueError(
                f'boxes, scores: expected ({t}, 4) and ({t},), got {shapes}'
            )
        if (np.diff(self.frame_ids) <= 0).any():
            raise ValueError('frame_ids: must be strictly increasing')

    def __len__(self) -> int:
        return len(self.frame_ids)
