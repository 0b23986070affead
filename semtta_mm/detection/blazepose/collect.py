"""From sightings frame by frame to one person's result."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
from mmengine.logging import print_log

from ...conventions import keypoint_names
from ...datasets.boxes import is_box, keypoint_box
from ..result import DetectionResult
from .landmarks import Pose
from .tracker import Sighting

CONVENTION = 'blazepose_33'
BOX_MIN_SCORE = 0.3


def pose_box(keypoints: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """Box around the keypoints that are seen.

    These are those with score 0.3 or more; all, if they are too few.

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


def main_person(sightings: Mapping[int, Sighting | None]) -> dict[int, Pose]:
    """Poses of the person who is seen in most frames.

    The log says in how many frames it was somebody else.

    Args:
        sightings: Frame number to who was seen.

    Returns:
        Frame number to pose.
    """
    seen = {k: value for k, value in sightings.items() if value is not None}
    counts = Counter(value.person for value in seen.values())
    if not counts:
        return {}
    (person, frames), *_ = counts.most_common(1)
    if frames < len(seen):
        print_log(
            f'BlazePose follows one person: {frames} frames are kept, '
            f'{len(seen) - frames} show somebody elsewhere and are left out',
            logger='current',
        )
    return {k: v.pose for k, v in seen.items() if v.person == person}


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
        searched: Frame numbers looked at.
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
