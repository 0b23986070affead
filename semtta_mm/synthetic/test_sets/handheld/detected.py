"""2D evidence of a rendered video by a real detector."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ....conventions import convert_keypoints, keypoint_names
from ....datasets.boxes import interpolate_boxes, is_box
from ....detection import (
    BlazePoseDetector,
    DetectionResult,
    Detector2D,
    save_result,
)
from ....structures import PersonTrack
from ....utils import InputError

MIN_SCORE = 0.3
"""Of a keypoint, of a detected and of a tracked person; less is missing."""

_FIX = 'give another --seed'


def default_detector() -> Detector2D:
    """BlazePose, on one thread so that it gives the same bytes again."""
    return BlazePoseDetector(
        'full',
        min_detection=MIN_SCORE,
        # With the usual 0.5 it loses a person whose legs are hidden.
        min_tracking=MIN_SCORE,
        threads=1,
    )


def detected_keypoints(convention: str) -> np.ndarray:
    """Keypoints of a convention that the detector has ``[K]``, bool."""
    known = keypoint_names('blazepose_33')
    return np.array([name in known for name in keypoint_names(convention)])


def detected_track(
    video: Path,
    detector: Detector2D,
    convention: str,
    name: str,
    fps: float,
    raw: Path,
) -> PersonTrack:
    """What a reader makes of the detections in a video.

    Frames between detections have interpolated boxes and no keypoints;
    frames before the first and after the last detection are left out.

    Args:
        video: The video file.
        detector: The detector.
        convention: Of the track's keypoints.
        name: Of the track.
        fps: Of the video.
        raw: File for all that the detector gave.

    Raises:
        InputError: If the detector finds nobody.
    """
    found = detector.detect(video, fps=fps)
    save_result(raw, found)
    good = is_box(found.boxes)
    if not good.any():
        raise InputError(video, 'people', 'were not detected', _FIX)
    return _track(found, good, convention, name, fps)


def _track(
    found: DetectionResult,
    good: np.ndarray,
    convention: str,
    name: str,
    fps: float,
) -> PersonTrack:
    points, scores = convert_keypoints(
        found.keypoints, found.scores, found.convention, convention
    )
    scores = np.where(scores >= MIN_SCORE, scores, 0)
    ids = found.frame_ids[good]
    frames = np.arange(ids[0], ids[-1] + 1)
    count, rows = len(frames), ids - ids[0]
    boxes = np.full((count, 4), np.nan, np.float32)
    boxes[rows] = found.boxes[good]
    all_scores = np.zeros((count, scores.shape[1]), np.float32)
    all_scores[rows] = scores[good]
    all_points = np.zeros((*all_scores.shape, 2), np.float32)
    all_points[rows] = np.where(scores[..., None] > 0, points, 0)[good]
    return PersonTrack(
        name=name,
        frame_ids=frames,
        fps=fps,
        boxes=interpolate_boxes(frames, boxes),
        keypoints=all_points,
        scores=all_scores,
        convention=convention,
    )
