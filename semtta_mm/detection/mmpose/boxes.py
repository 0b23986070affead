"""Runs a top-down model over the frames of a video, in batches."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from ...structures import PersonBoxes
from .model import TopdownModel


@dataclass(frozen=True)
class BoxPose:
    """Keypoints in one box.

    Attributes:
        keypoints: ``[K, 2]``, px, see :meth:`TopdownModel.predict`.
        scores: ``[K]``.
    """

    keypoints: np.ndarray
    scores: np.ndarray


@dataclass(frozen=True)
class SeenPeople:
    """Poses of several people.

    Attributes:
        frames: Numbers of the decoded frames, rising.
        poses: Frame number to pose, for each person.
    """

    frames: list[int]
    poses: list[dict[int, BoxPose]]


def poses_in_boxes(
    model: TopdownModel,
    frames: Iterable[tuple[int, np.ndarray]],
    people: Sequence[PersonBoxes],
    batch_size: int,
    on_frame: Callable[[int], None] | None = None,
) -> SeenPeople:
    """Detect all people in one pass over the frames.

    Args:
        model: The model.
        frames: Frame number and image ``[H, W, 3]``, BGR, uint8.
        people: Boxes of each person.
        batch_size: Crops in a batch. Only crops are kept, not frames.
        on_frame: Called with the number of frames done.
    """
    rows = [
        {int(number): row for row, number in enumerate(person.frame_ids)}
        for person in people
    ]
    seen = SeenPeople([], [{} for _ in people])
    waiting: list[tuple[int, int, dict[str, Any]]] = []
    for number, image in frames:
        for index, person in enumerate(people):
            if number in rows[index]:
                box = person.boxes[rows[index][number]]
                waiting.append((index, number, model.crop(image, box)))
        while len(waiting) >= batch_size:
            _predict(model, waiting[:batch_size], seen)
            del waiting[:batch_size]
        seen.frames.append(number)
        if on_frame is not None:
            on_frame(len(seen.frames))
    if waiting:
        _predict(model, waiting, seen)
    return seen


def _predict(
    model: TopdownModel,
    batch: Sequence[tuple[int, int, dict[str, Any]]],
    seen: SeenPeople,
) -> None:
    """Detect in a batch, and add the poses."""
    keypoints, scores = model.predict([item for *_, item in batch])
    for (index, number, _), points, values in zip(
        batch, keypoints, scores, strict=True
    ):
        seen.poses[index][number] = BoxPose(points, values)
