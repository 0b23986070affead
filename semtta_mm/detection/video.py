"""Detects in a whole video, and writes the detections."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from ..datasets import save_track
from ..utils.console import make_console
from ..utils.stage_bar import StageBar
from .base import Detector2D
from .cache import detect_cached
from .openpose import write_openpose_json
from .people.find import Person
from .result import DetectionResult

FORMATS = ('npz', 'openpose')
CACHE_FOLDER = 'detections'
"""Subfolder of the output with all detections, including 3D."""


def detect_video(
    video: Path,
    out: Path,
    detector: Detector2D,
    frames: slice | None = None,
    fps: float | None = None,
) -> DetectionResult:
    """Detect with a progress bar, or read earlier detections.

    Args:
        video: Video file or folder of images.
        out: Output folder; its folder ``detections`` is the cache.
        detector: The detector.
        frames: Frames to process; None is all.
        fps: Frames per second; None takes the video's.

    Returns:
        The detections.

    Raises:
        InputError: If the video or an earlier result is invalid.
    """
    bar = StageBar(make_console(stderr=True), f'detect {video.name}')
    try:
        return detect_cached(
            detector, video, out / CACHE_FOLDER, frames, bar.update, fps
        )
    finally:
        bar.finish()


def save_people(
    people: Sequence[Person], video: Path, out: Path, kind: str
) -> list[Path]:
    """Write the detections of the people of a video.

    Args:
        people: One or more.
        video: The video; its path is stored in the track files.
        out: Output folder.
        kind: ``'npz'`` or ``'openpose'``.

    Returns:
        A track file for each person, or the folder of JSON files.

    Raises:
        InputError: If the folder has other keypoint files.
    """
    if kind == 'npz':
        tracks = [person.track(video) for person in people]
        return [save_track(out / f'{t.name}.npz', t) for t in tracks]
    write_openpose_json([person.poses for person in people], out)
    return [out]
