"""The interface of 2D detectors."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from ..structures import PersonBoxes
from ..utils import InputError
from .result import DetectionResult

Progress = Callable[[int, int], None]
"""Called with the frames done and the frames to do (an estimate)."""


class Detector2D(ABC):
    """Detects a person's keypoints in a video.

    Sub-classes are registered in :data:`semtta_mm.registry.TASK_UTILS`.
    """

    @abstractmethod
    def settings(self) -> Mapping[str, Any]:
        """All values that the result depends on, except the video.

        Returns:
            Plain values. Two detectors with equal settings give equal
            results; the settings are part of the key of the cache.
        """

    @abstractmethod
    def detect(
        self,
        video: Path,
        frames: slice | None = None,
        progress: Progress | None = None,
        fps: float | None = None,
    ) -> DetectionResult:
        """Detect one person in a video.

        Args:
            video: Video file or folder of images (in natural order, from 0).
            frames: Frames to process, as a slice of the video:
                ``slice(0, None, 2)`` is every second one. None is all.
            progress: Called after each frame.
            fps: Frames per second; None takes the video's, 30 for a folder
                of images.

        Returns:
            The detections of the person; possibly of no frame.

        Raises:
            InputError: If the video is missing or unreadable, its rate is
                unknown, or no frame is among ``frames``.
        """

    def detect_in_boxes(
        self,
        video: Path,
        people: Sequence[PersonBoxes],
        progress: Progress | None = None,
        fps: float | None = None,
    ) -> list[DetectionResult]:
        """Detect several people, whose boxes are known.

        A detector of a single person need not have this method.

        Args:
            video: Video file or folder of images (in natural order, from 0).
            people: Boxes of each person. Frames outside of a person's boxes
                are not searched for it.
            progress: Called after each frame.
            fps: Frames per second; None takes the video's.

        Returns:
            The detections of each person, in the order of ``people``. Boxes
            are tight ones around the keypoints, or the given ones.

        Raises:
            InputError: If the video is missing or unreadable, its rate is
                unknown, or the detector finds a single person only.
        """
        raise InputError(
            type(self).__name__,
            'detect_in_boxes',
            'is missing: it detects one person',
            'use another detector for several people, or people=None',
        )
