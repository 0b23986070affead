"""From poses by frame to one person's result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from mmengine.logging import print_log

from ...conventions import keypoint_names
from ...datasets.boxes import is_box, keypoint_box
from ..result import DetectionResult
from .landmarks import Pose
from .tracker import TrackedPose

CONVENTION = 'blazepose_33'
BOX_MIN_SCORE = 0.3


def pose_box(keypoints: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Box around the detected keypoints.

    These have a score of 0.3 or more; all are used if they are too few.

    Args:
        keypoints: ``[K, 2]``, px.
        scores: ``[K]``.

    Returns:
        ``[4]`` (x1, y1, x2, y2), px.
    """
    box = keypoint_box(keypoints, scores >= BOX_MIN_SCORE)
    if is_box(box):
        return box
    return keypoint_box(keypoints, np.ones(len(scores), bool))


def main_person(
    detections: Mapping[int, TrackedPose | None],
) -> dict[int, Pose]:
    """Poses of the person with the most frames.

    The number of frames of other people is logged.

    Args:
        detections: Frame number to the tracked pose; None without a person.

    Returns:
        Frame number to pose.
    """
    found = {k: value for k, value in detections.items() if value is not None}
    counts = Counter(value.person for value in found.values())
    if not counts:
        return {}
    (person, frames), *_ = counts.most_common(1)
    if frames < len(found):
        print_log(
            f'BlazePose tracks one person: {frames} frames are kept, '
            f'{len(found) - frames} frames of other people are left out',
            logger='current',
        )
    return {k: v.pose for k, v in found.items() if v.person == person}


def to_result(
    source: str,
    fps: float,
    image_size: tuple[int, int],
    searched: list[int],
    poses: dict[int, Pose],
) -> DetectionResult:
    """Stack the poses of one person.

    Args:
        source: Name of the video.
        fps: Frames per second.
        image_size: Width and height, px.
        searched: Numbers of the processed frames.
        poses: Frame number to pose, in rising order.
    """
    shape = (len(poses), len(keypoint_names(CONVENTION)))
    people = list(poses.values())
    return DetectionResult(
        source=source,
        fps=fps,
        image_size=image_size,
        convention=CONVENTION,
        searched=np.array(searched, np.int64),
        frame_ids=np.array(list(poses), np.int64),
        keypoints=np.array([p.keypoints for p in people]).reshape(*shape, 2),
        scores=np.array([p.scores for p in people]).reshape(shape),
        boxes=np.array(
            [pose_box(p.keypoints, p.scores) for p in people]
        ).reshape(-1, 4),
        world=np.array([p.world for p in people]).reshape(*shape, 3),
    )
