"""2D evidence of a rendered video by a real detector."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ....conventions import convert_keypoints, keypoint_names
from ....datasets.boxes import is_box
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

MIN_INSIDE = 0.5
"""Share of a detection's box inside the person's; less is something else."""

_FIX = 'give another --seed'


class PersonNotFoundError(InputError):
    """The detector never finds the person of a video."""


def default_detector() -> Detector2D:
    """BlazePose as the package uses it on real videos.

    On one thread, so that it gives the same bytes again.
    """
    return BlazePoseDetector(
        'heavy',
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
    boxes: np.ndarray,
) -> PersonTrack:
    """The person's boxes with the keypoints that a detector finds in them.

    Frames without a detection of the person have no keypoints.

    Args:
        video: The video file.
        detector: The detector.
        convention: Of the track's keypoints.
        name: Of the track.
        fps: Of the video.
        raw: File for all that the detector gave.
        boxes: Of the whole person in every frame ``[T, 4]``, px.

    Raises:
        PersonNotFoundError: If the detector never finds the person.
    """
    found = detector.detect(video, fps=fps)
    save_result(raw, found)
    track = person_track(found, convention, name, boxes)
    if not track.scores.any():
        raise PersonNotFoundError(video, 'person', 'was not detected', _FIX)
    return track


def inside_share(boxes: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Share of the area of each box that is inside another one.

    Args:
        boxes: ``[N, 4]``, px.
        others: ``[N, 4]``, px.

    Returns:
        ``[N]``; 0 for a box without area.
    """
    low = np.maximum(boxes[:, :2], others[:, :2])
    high = np.minimum(boxes[:, 2:], others[:, 2:])
    common = np.clip(high - low, 0, None).prod(axis=1)
    area = np.clip(boxes[:, 2:] - boxes[:, :2], 0, None).prod(axis=1)
    share = np.zeros(len(boxes))
    return np.divide(common, area, out=share, where=area > 0)


def person_track(
    found: DetectionResult,
    convention: str,
    name: str,
    boxes: np.ndarray,
    min_score: float = MIN_SCORE,
) -> PersonTrack:
    """The track of a person whose boxes are known.

    Args:
        found: What a detector gave.
        convention: Of the track's keypoints.
        name: Of the track.
        boxes: Of the whole person in every frame ``[T, 4]``, px. A detection
            of which less than :data:`MIN_INSIDE` is inside is left out.
        min_score: Keypoints of a lower score are missing.
    """
    good = is_box(found.boxes)
    good &= inside_share(found.boxes, boxes[found.frame_ids]) >= MIN_INSIDE
    points, scores = convert_keypoints(
        found.keypoints, found.scores, found.convention, convention
    )
    scores = np.where(scores >= min_score, scores, 0)
    rows = found.frame_ids[good]
    all_scores = np.zeros((len(boxes), scores.shape[1]), np.float32)
    all_scores[rows] = scores[good]
    all_points = np.zeros((*all_scores.shape, 2), np.float32)
    all_points[rows] = np.where(scores[..., None] > 0, points, 0)[good]
    return PersonTrack(
        name=name,
        frame_ids=np.arange(len(boxes)),
        fps=found.fps,
        boxes=boxes.astype(np.float32),
        keypoints=all_points,
        scores=all_scores,
        convention=convention,
    )
