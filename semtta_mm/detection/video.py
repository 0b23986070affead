"""Detects in a whole video, and writes the detections."""

from __future__ import annotations

from pathlib import Path

from ..datasets import save_track
from ..utils.console import make_console
from ..utils.progress import make_progress
from .base import Detector2D
from .cache import detect_cached
from .openpose import write_openpose_json
from .result import DetectionResult

FORMATS = ('npz', 'openpose')
CACHE_FOLDER = 'detections'
"""Sub-folder of the output for all detections, 3D included."""


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
        out: Results are cached in its folder ``detections``.
        detector: The detector.
        frames: Which frames; None is all.
        fps: Frames per second; None takes the video's.

    Returns:
        The detections.

    Raises:
        InputError: If the video or an earlier result is bad.
    """
    with make_progress(make_console(stderr=True), transient=True) as bar:
        task = bar.add_task(video.name, total=None, details='')
        return detect_cached(
            detector,
            video,
            out / CACHE_FOLDER,
            frames,
            lambda done, total: bar.update(task, completed=done, total=total),
            fps,
        )


def save_detections(
    result: DetectionResult, video: Path, out: Path, kind: str
) -> Path:
    """Write the detections of a video.

    Args:
        result: The detections.
        video: The video; its path goes into the track file.
        out: Folder to write into.
        kind: ``'npz'`` or ``'openpose'``.

    Returns:
        The track file, or the folder of JSON files.

    Raises:
        InputError: If no person was detected, or the folder contains other
            keypoints.
    """
    track = result.to_track(video=video)
    if kind == 'npz':
        return save_track(out / f'{track.name}.npz', track)
    write_openpose_json(result, out)
    return out
