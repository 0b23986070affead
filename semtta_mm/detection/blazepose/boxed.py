"""BlazePose in given boxes: poses of several people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from ...structures import PersonBoxes
from .landmarks import Pose
from .roi import ROI_SCALE, Roi, roi_from_points
from .smoothing import OneEuroFilter, PoseSmoother
from .tracker import Network, read_pose

REACH = (0.2, 0.6)
"""Shares of a box's width and height by which the middle of the hips may be
outside: the hips of somebody who is cut are below the image."""
BORDER = 0.02
"""Share of the image's height: a box that ends so near to it is cut."""
ASPECT = 0.4
"""Width over height of a standing person."""
MAX_RATIO = 2.0
"""Largest ratio of a tracked region's side to that of the box's region."""


def whole_box(box: np.ndarray, image_height: int) -> np.ndarray:
    """Box of the whole body of somebody whom the lower border cuts.

    The network expects the hips in the middle of its input. The height
    follows from the width, as that of a standing person.

    Args:
        box: Tight box ``[4]`` (x1, y1, x2, y2), px.
        image_height: px.

    Returns:
        The same box, or a higher one if it ends at the border.
    """
    width, height = box[2:] - box[:2]
    if box[3] < (1 - BORDER) * image_height:
        return box
    lower = box[1] + max(height, min(width / ASPECT, 3 * height))
    return np.array([box[0], box[1], box[2], lower])


def roi_from_box(box: np.ndarray) -> Roi:
    """Upright region of the person in a tight box ``[4]``, px."""
    size = ROI_SCALE * float(max(box[2:] - box[:2]))
    x, y = (box[:2] + box[2:]) / 2
    return Roi(float(x), float(y), size)


def is_of_box(roi: Roi, box: np.ndarray) -> bool:
    """Whether a tracked region can be that of the person in a box ``[4]``.

    Args:
        roi: Region of the pose; its centre is between the hips.
        box: Tight box, px.
    """
    reach = np.array(REACH) * (box[2:] - box[:2])
    centre = np.array([roi.x, roi.y])
    inside = (centre >= box[:2] - reach) & (centre <= box[2:] + reach)
    ratio = roi.size / roi_from_box(box).size
    return bool(inside.all() and 1 / MAX_RATIO <= ratio <= MAX_RATIO)


class BoxedPoseTracker:
    """Poses of one person, whose box is known in each frame.

    The region comes from the pose of the frame before, as it has the angle
    of the body; from the box at first, after a gap, and when the region has
    left the box.

    Args:
        net: Estimates the pose in a region.
        min_presence: Lowest presence of a pose.
        smooth: Smooth the poses in addition to the region.
    """

    def __init__(
        self, net: Network, min_presence: float, smooth: bool = False
    ) -> None:
        self._net, self._min_presence = net, min_presence
        self._alignment = OneEuroFilter(min_cutoff=0.01, beta=10.0)
        self._smoother = PoseSmoother() if smooth else None
        self._roi: Roi | None = None

    def __call__(self, image: np.ndarray, box: np.ndarray) -> Pose | None:
        """Pose in the next frame.

        Args:
            image: ``[H, W, 3]``, BGR, uint8.
            box: Tight box ``[4]`` (x1, y1, x2, y2), px.

        Returns:
            The pose; None if no person is in the box.
        """
        pose, box = None, whole_box(box, image.shape[0])
        if self._roi is not None and is_of_box(self._roi, box):
            pose = self._read(image, self._roi)
        if pose is None:
            self.reset()
            pose = self._first(image, box)
        if pose is None:
            return None
        size = _size(pose)
        self._roi = roi_from_points(*self._alignment(pose.alignment, size))
        return self._smoother(pose, size) if self._smoother else pose

    def reset(self) -> None:
        """Forget the person's pose: the next frame is not the next one."""
        self._roi = None
        self._alignment.reset()
        if self._smoother:
            self._smoother.reset()

    def _first(self, image: np.ndarray, box: np.ndarray) -> Pose | None:
        """Read from the box, then from the region that the pose gives."""
        guess = self._read(image, roi_from_box(box))
        if guess is None:
            return None
        roi = roi_from_points(*guess.alignment)
        if not is_of_box(roi, box):
            return guess
        return self._read(image, roi) or guess

    def _read(self, image: np.ndarray, roi: Roi) -> Pose | None:
        pose = read_pose(image, self._net, roi)
        known = pose.presence > self._min_presence and _size(pose) > 0
        return pose if known else None


def _size(pose: Pose) -> float:
    """Size of the body in the image, px."""
    return 2 * float(np.linalg.norm(pose.alignment[1] - pose.alignment[0]))


def poses_in_boxes(
    frames: Iterable[tuple[int, np.ndarray]],
    people: Sequence[PersonBoxes],
    make_tracker: Callable[[], BoxedPoseTracker],
    on_frame: Callable[[int], None] | None = None,
) -> list[dict[int, Pose]]:
    """Poses of all people in one pass over a video.

    Args:
        frames: Frame number and image ``[H, W, 3]``, in rising order.
        people: Boxes of each person.
        make_tracker: Makes the state of one person.
        on_frame: Called with the number of frames done.

    Returns:
        For each person, frame number to pose.
    """
    rows = [{int(f): row for row, f in enumerate(p.frame_ids)} for p in people]
    trackers = [make_tracker() for _ in people]
    steps = [np.diff(p.frame_ids).min(initial=1 << 30) for p in people]
    poses: list[dict[int, Pose]] = [{} for _ in people]
    last = [-1] * len(people)
    for done, (number, image) in enumerate(frames, start=1):
        for i, person in enumerate(people):
            row = rows[i].get(number)
            if row is None:
                continue
            if number - last[i] > steps[i]:
                trackers[i].reset()
            last[i] = number
            pose = trackers[i](image, np.asarray(person.boxes[row], float))
            if pose is not None:
                poses[i][number] = pose
        if on_frame is not None:
            on_frame(done)
    return poses
