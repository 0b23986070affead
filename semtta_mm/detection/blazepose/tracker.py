"""Tracks one person: detection, pose, and the region of the next frame."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from .landmarks import INPUT_SIDE as POSE_SIDE
from .landmarks import Pose, decode_pose
from .roi import Roi, crop_roi, image_roi, roi_from_points, roi_to_image
from .smoothing import OneEuroFilter, PoseSmoother
from .ssd import INPUT_SIDE as PERSON_SIDE
from .ssd import decode_candidates, make_anchors, merge_best

PERSON_OUTPUTS = ((2254, 12), (2254, 1))
POSE_OUTPUTS = ((195,), (64, 64, 39), (117,), (1,))

Network = Callable[[np.ndarray], list[np.ndarray]]
"""From one input ``[1, H, W, 3]`` to its outputs."""


def find_person(
    image: np.ndarray, net: Network, min_score: float
) -> Roi | None:
    """Region of the person of the best score in a whole image.

    Args:
        image: ``[H, W, 3]``, BGR, uint8.
        net: The person network.
        min_score: Detections of a lower score are ignored.

    Returns:
        The region; None if no person is detected.
    """
    whole = image_roi(image.shape[1], image.shape[0])
    raw, scores = net(crop_roi(image, whole, PERSON_SIDE, (-1, 1)))
    found = decode_candidates(raw, scores[:, 0], make_anchors(), min_score)
    if not len(found.scores):
        return None
    points = roi_to_image(merge_best(found), whole)
    return roi_from_points(points[0], points[1])


def read_pose(image: np.ndarray, net: Network, roi: Roi) -> Pose:
    """Pose of the person in a region.

    Args:
        image: ``[H, W, 3]``, BGR, uint8.
        net: The landmark network.
        roi: Where the person is.
    """
    values = crop_roi(image, roi, POSE_SIDE, (0, 1), cv2.BORDER_REPLICATE)
    landmarks, heatmap, world, presence = net(values)
    return decode_pose(
        landmarks.reshape(39, 5),
        heatmap,
        world.reshape(39, 3),
        float(presence[0]),
        roi,
    )


@dataclass(frozen=True)
class Thresholds:
    """Least values of a detected person.

    Attributes:
        detection: Of the person network's score.
        tracking: Of the landmark network's presence.
    """

    detection: float = 0.5
    tracking: float = 0.5


@dataclass(frozen=True)
class TrackedPose:
    """The tracked person in a frame.

    Attributes:
        person: Number of the person, from 0, in the order of appearance.
        pose: The pose.
    """

    person: int
    pose: Pose


def same_place(last: Roi, found: Roi) -> bool:
    """Whether a new detection can be the person that was lost.

    Args:
        last: Region of the last detection.
        found: Region of the new detection.

    Returns:
        True if the centres are within half a side of the larger region, and
        neither region is more than twice as large as the other.
    """
    small, large = sorted((last.size, found.size))
    distance = np.hypot(found.x - last.x, found.y - last.y)
    return bool(distance <= large / 2 and large <= 2 * small)


class PoseTracker:
    """Tracks one person through consecutive frames.

    Args:
        person_net: Detects a person in the whole image.
        pose_net: Predicts the pose in a region.
        thresholds: Least scores of a person.
        smooth: Smooth the poses, too, not only the region.
    """

    def __init__(
        self,
        person_net: Network,
        pose_net: Network,
        thresholds: Thresholds,
        smooth: bool = False,
    ) -> None:
        self._person_net, self._pose_net = person_net, pose_net
        self._thresholds = thresholds
        # A smoothed region reduces the jitter of the keypoints without a
        # lag of theirs; mediapipe always does this.
        self._alignment = OneEuroFilter(min_cutoff=0.01, beta=10.0)
        self._smoother = PoseSmoother() if smooth else None
        # Region of the next frame, and of the last detection.
        self._roi: Roi | None = None
        self._last: Roi | None = None
        self._person = 0

    def __call__(self, image: np.ndarray) -> TrackedPose | None:
        """The person in the next frame.

        A person that is lost is searched for in the whole image of the same
        frame; a person found at another place gets a new number.

        Args:
            image: ``[H, W, 3]``, BGR, uint8.

        Returns:
            The person's pose; None if no person is found.
        """
        pose = self._read(image, self._roi)
        if pose is None:
            self._forget()
            pose = self._search(image)
        if pose is None:
            return None
        centre, scale_point = pose.alignment
        size = 2 * float(np.linalg.norm(scale_point - centre))
        self._roi = roi_from_points(*self._alignment(pose.alignment, size))
        self._last = self._roi
        if self._smoother:
            pose = self._smoother(pose, size)
        return TrackedPose(self._person, pose)

    def _search(self, image: np.ndarray) -> Pose | None:
        found = find_person(
            image, self._person_net, self._thresholds.detection
        )
        pose = self._read(image, found)
        if pose is None or found is None:
            return None
        if self._last is not None and not same_place(self._last, found):
            self._person += 1
        return pose

    def _read(self, image: np.ndarray, roi: Roi | None) -> Pose | None:
        if roi is None:
            return None
        pose = read_pose(image, self._pose_net, roi)
        return pose if pose.presence > self._thresholds.tracking else None

    def _forget(self) -> None:
        self._roi = None
        self._alignment.reset()
        if self._smoother:
            self._smoother.reset()
