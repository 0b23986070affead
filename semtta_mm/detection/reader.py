"""A video as a track, detected on the first call."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from ..registry import TASK_UTILS
from ..structures import PersonTrack
from .cache import detect_cached


@TASK_UTILS.register_module()
class DetectionReader:
    """Detects the person of a video, and caches the result.

    Args:
        video: Video file or folder of images.
        detector: Config of the detector.
        folder: Folder of cached results.
        fps: Frames per second; None takes the video's. A folder of images
            has none of its own.
    """

    def __init__(
        self,
        video: str | PathLike[str],
        detector: dict,
        folder: str | PathLike[str],
        fps: float | None = None,
    ) -> None:
        self.video, self.folder = Path(video), Path(folder)
        self.fps = fps
        self.detector = TASK_UTILS.build(detector)

    def __call__(self) -> list[PersonTrack]:
        """One track.

        Raises:
            InputError: If the video is bad, its rate unknown, or no person
                was detected.
        """
        found = detect_cached(
            self.detector, self.video, self.folder, fps=self.fps
        )
        return [found.to_track(video=self.video)]
