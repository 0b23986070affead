"""Where people are in a video, for top-down detectors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from ...datasets import video_info
from ...registry import TASK_UTILS
from ...structures import PersonBoxes
from ..base import Detector2D, Progress
from ..frames import checked_slice


class PeopleFinder(ABC):
    """Finds boxes of people. Sub-classes are registered in ``TASK_UTILS``."""

    @abstractmethod
    def settings(self) -> Mapping[str, Any]:
        """All values that the result depends on, as plain ones."""

    @abstractmethod
    def find(
        self,
        video: Path,
        frames: slice | None = None,
        progress: Progress | None = None,
        fps: float | None = None,
    ) -> list[PersonBoxes]:
        """Find people; arguments as :meth:`Detector2D.detect`.

        Raises:
            InputError: If the video is missing or unreadable.
        """


@TASK_UTILS.register_module()
class WholeImage(PeopleFinder):
    """One person, whose box is the whole image in each frame."""

    def settings(self) -> dict[str, Any]:
        """See :meth:`PeopleFinder.settings`."""
        return {'type': type(self).__name__}

    def find(
        self,
        video: Path,
        frames: slice | None = None,
        progress: Progress | None = None,
        fps: float | None = None,
    ) -> list[PersonBoxes]:
        """See :meth:`PeopleFinder.find`; no frame is decoded."""
        wanted, info = checked_slice(frames), video_info(video)
        # A container may list a few frames too few; the detector reads to
        # the actual end.
        stop = min(wanted.stop, 2 * info.frame_count + 100)
        ids = np.arange(wanted.start, stop, wanted.step)
        box = np.array([0, 0, info.width, info.height], np.float32)
        boxes, scores = np.tile(box, (len(ids), 1)), np.ones(len(ids))
        return [PersonBoxes(0, ids, boxes, scores)]


@TASK_UTILS.register_module()
class DetectorBoxes(PeopleFinder):
    """The boxes of another 2D detector, of a single person.

    Args:
        detector: Config of the detector; None is
            ``dict(type='BlazePoseDetector', variant='lite')``.
        margin: A box is enlarged by this share of its size on each side:
            it is tight around keypoints, which lie inside of the body.
    """

    def __init__(
        self, detector: dict | None = None, margin: float = 0.05
    ) -> None:
        self.detector: Detector2D = TASK_UTILS.build(
            detector or dict(type='BlazePoseDetector', variant='lite')
        )
        self.margin = margin

    def settings(self) -> dict[str, Any]:
        """See :meth:`PeopleFinder.settings`."""
        return {
            'type': type(self).__name__,
            'detector': dict(self.detector.settings()),
            'margin': self.margin,
        }

    def find(
        self,
        video: Path,
        frames: slice | None = None,
        progress: Progress | None = None,
        fps: float | None = None,
    ) -> list[PersonBoxes]:
        """See :meth:`PeopleFinder.find`; the detector is run."""
        found = self.detector.detect(video, frames, progress, fps)
        boxes = enlarge(found.boxes, self.margin)
        scores = found.scores.mean(axis=1)
        return [PersonBoxes(0, found.frame_ids, boxes, scores)]


def enlarge(boxes: np.ndarray, margin: float) -> np.ndarray:
    """Add ``margin`` times its size to each side of boxes ``[T, 4]``."""
    size = boxes[:, 2:] - boxes[:, :2]
    return np.concatenate(
        [boxes[:, :2] - margin * size, boxes[:, 2:] + margin * size], axis=1
    )
