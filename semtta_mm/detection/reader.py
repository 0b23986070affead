"""A video as a track, detected on first use."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from ..registry import TASK_UTILS
from ..structures import PersonTrack
from ..utils.required_files import RequiredFile
from .cache import detect_cached


@TASK_UTILS.register_module()
class DetectionReader:
    """Detects the person of a video, with a cache of the detections.

    Args:
        video: Video file or folder of images.
        detector: Config of the detector.
        folder: Folder of the cache.
        fps: Frames per second; None takes the video's. A folder of images
            has no rate.
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
    ) -> None:
        self.video, self.folder = Path(video), Path(folder)
        self.fps = fps
        self.detector = TASK_UTILS.build(detector)

    def __call__(self) -> list[PersonTrack]:
        """Detect, and return one track.

        Raises:
            InputError: If the video is invalid, its rate is unknown, or no
                person is found.
        """
        found = detect_cached(
            self.detector, self.video, self.folder, fps=self.fps
        )
        return [found.to_track(video=self.video)]
