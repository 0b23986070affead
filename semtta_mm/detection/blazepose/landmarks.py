"""From the landmark network's raw output to a pose in the image."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from .roi import Roi, roi_to_image, rotate_to_image

INPUT_SIDE = 256
KEYPOINTS = 33
"""The first 33 of 39 landmarks are keypoints, the next two are alignment."""
_ALIGNMENT = slice(KEYPOINTS, KEYPOINTS + 2)


@dataclass(frozen=True)
class Pose:
    """One person in one frame.

    Attributes:
        keypoints: ``[33, 2]``, px of the image.
        scores: Visibility ``[33]``, in [0, 1].
        world: ``[33, 3]``, m, camera axes, origin between the hips.
        alignment: Middle of the hips and the point of size and direction
            ``[2, 2]``, px of the image; they give the region of the next
            frame.
        presence: Probability that a person is in the network's input.
    """

    keypoints: np.ndarray
    scores: np.ndarray
    world: np.ndarray
    alignment: np.ndarray
    presence: float


def refine_by_heatmap(
    points: np.ndarray,
    heatmap: np.ndarray,
    kernel: int = 9,
    min_confidence: float = 0.5,
) -> np.ndarray:
    """Move points to the centre of mass of their heatmap nearby.

    Args:
        points: ``[N, 2]``, unit square.
        heatmap: Logits ``[h, w, N]``.
        kernel: Side of the window around each point, heatmap px.
        min_confidence: Points whose window stays below are not moved, nor
            are points outside the unit square.

    Returns:
        ``[N, 2]``, unit square.
    """
    refined = points.copy()
    for k, point in enumerate(points):
        window = _window(point, heatmap[..., k], kernel)
        if window is None:
            continue
        rows, columns = window
        weights = expit(heatmap[rows, columns, k])
        if weights.max() < min_confidence:
            continue
        y, x = np.mgrid[rows, columns]
        size = np.array([heatmap.shape[1], heatmap.shape[0]])
        centre = np.array([(x * weights).sum(), (y * weights).sum()])
        refined[k] = centre / weights.sum() / size
    return refined


def _window(
    point: np.ndarray, heatmap: np.ndarray, kernel: int
) -> tuple[slice, slice] | None:
    """Rows and columns around a point, cut off at the border."""
    height, width = heatmap.shape
    if not ((point >= 0) & (point < 1)).all():
        return None
    column, row = int(point[0] * width), int(point[1] * height)
    reach = (kernel - 1) // 2
    return (
        slice(max(0, row - reach), min(height, row + reach + 1)),
        slice(max(0, column - reach), min(width, column + reach + 1)),
    )


def decode_pose(
    landmarks: np.ndarray,
    heatmap: np.ndarray,
    world: np.ndarray,
    presence: float,
    roi: Roi,
) -> Pose:
    """Read one pose.

    Args:
        landmarks: ``[39, 5]``: x, y, z in px of the input, logits of
            visibility and presence.
        heatmap: Logits ``[64, 64, 39]``.
        world: ``[39, 3]``, m, axes of the region.
        presence: The network's own probability of a person.
        roi: The region of the network's input.

    Returns:
        The pose in the image and the camera's axes.
    """
    unit = landmarks[:, :2].astype(np.float64) / INPUT_SIDE
    points = roi_to_image(refine_by_heatmap(unit, heatmap), roi)
    return Pose(
        keypoints=points[:KEYPOINTS],
        scores=expit(landmarks[:KEYPOINTS, 3]),
        world=rotate_to_image(world[:KEYPOINTS].astype(np.float64), roi),
        alignment=points[_ALIGNMENT],
        presence=presence,
    )
