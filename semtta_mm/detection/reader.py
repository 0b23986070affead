"""A video as a track, detected on first use."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from ..datasets import FrameSelection, video_info
from ..registry import TASK_UTILS
from ..structures import PersonTrack
from ..utils.required_files import RequiredFile
from .base import Detector2D
from .cache import detect_cached
from .frames import frame_rate


@TASK_UTILS.register_module()
class DetectionReader:
    """Detects the person of a video, with a cache of the detections.

    Args:
        video: Video file or folder of images.
        detector: Config of the detector.
        folder: Folder of the cache.
        fps: Frames per second; None takes the video's, 30 for a folder of
            images.
        frames: Arguments of :class:`~semtta_mm.datasets.FrameSelection`;
            None takes all frames.
    """

    detects = True
    """Marks readers that run a detector: ``--dry-run`` does not call them."""

    required_files = (
        RequiredFile(
            'video',
            'video',
            'a video file or a folder of images',
        ),
    )

    def __init__(
        self,
        video: str | PathLike[str],
        detector: dict,
        folder: str | PathLike[str],
        fps: float | None = None,
        frames: Mapping[str, Any] | None = None,
    ) -> None:
        self.video, self.folder = Path(video), Path(folder)
        self.fps = fps
        self.selection = FrameSelection.of(frames)
        self.detector: Detector2D = TASK_UTILS.build(detector)

    @property
    def frames(self) -> slice | None:
        """The selected frames; None if all are wanted."""
        return selected_frames(self.video, self.selection, self.fps)

    def __call__(self) -> list[PersonTrack]:
        """Detect, and return one track.

        Raises:
            InputError: If the video is invalid, its rate is unknown, or no
                person is found.
        """
        found = detect_cached(
            self.detector,
            self.video,
            self.folder,
            self.frames,
            fps=self.fps,
        )
        return [found.to_track(video=self.video)]


def selected_frames(
    video: Path, selection: FrameSelection, fps: float | None = None
) -> slice | None:
    """Frame numbers of a selection; None if all are wanted.

    Args:
        video: Video file or folder of images.
        selection: The selection.
        fps: Given rate, or None.

    Raises:
        InputError: If the video cannot be read, has no rate, or nothing is
            selected.
    """
    if not selection.config():
        return None
    rate = frame_rate(video, video_info(video), fps)
    return selection.frames(rate)
