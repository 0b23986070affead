"""Rotated square regions: from image to network input and back.

The geometry of mediapipe's pose graph (Bazarevsky et al., BlazePose, 2020):
a point at the hips and one that encodes size and direction of the body give
a square that turns with the person.
"""

from dataclasses import dataclass

import cv2
import numpy as np

ROI_SCALE = 1.25
"""Side of the region over twice the distance of the two points."""


@dataclass(frozen=True)
class Roi:
    """A square in the image, turned about its centre.

    Attributes:
        x: Centre, px.
        y: Centre, px.
        size: Side, px.
        angle: Radians, from x towards y, that is clockwise as shown.
    """

    x: float
    y: float
    size: float
    angle: float = 0.0


def image_roi(width: int, height: int) -> Roi:
    """The square around the whole image: a letterbox."""
    return Roi(width / 2, height / 2, float(max(width, height)))


def roi_from_points(
    centre: np.ndarray, scale_point: np.ndarray, scale: float = ROI_SCALE
) -> Roi:
    """Region of a body from its two alignment points.

    Args:
        centre: Middle of the hips ``[2]``, px.
        scale_point: ``[2]``, px; above the hips of an upright person, as far
            away as the body reaches.
        scale: Margin.

    Returns:
        Region in which the body is upright.

    Raises:
        ValueError: If the points coincide or are not finite.
    """
    dx, dy = (float(v) for v in np.subtract(scale_point, centre))
    distance = float(np.hypot(dx, dy))
    if not np.isfinite(distance) or distance == 0:
        raise ValueError(f'no region from {centre} and {scale_point}')
    turn = np.pi / 2 - np.arctan2(-dy, dx)
    wrapped = float((turn + np.pi) % (2 * np.pi) - np.pi)
    return Roi(
        float(centre[0]), float(centre[1]), 2 * distance * scale, wrapped
    )


def roi_matrix(roi: Roi) -> np.ndarray:
    """Affine ``[2, 3]`` from the unit square to image px."""
    cos, sin = np.cos(roi.angle), np.sin(roi.angle)
    linear = roi.size * np.array([[cos, -sin], [sin, cos]])
    offset = np.array([roi.x, roi.y]) - linear @ np.array([0.5, 0.5])
    return np.column_stack([linear, offset])


def roi_to_image(points: np.ndarray, roi: Roi) -> np.ndarray:
    """Points of the unit square ``[N, 2]`` to image px ``[N, 2]``."""
    matrix = roi_matrix(roi)
    return points @ matrix[:, :2].T + matrix[:, 2]


def image_to_roi(points: np.ndarray, roi: Roi) -> np.ndarray:
    """Image px ``[N, 2]`` to points of the unit square ``[N, 2]``."""
    matrix = roi_matrix(roi)
    return (points - matrix[:, 2]) @ np.linalg.inv(matrix[:, :2]).T


def crop_roi(
    image: np.ndarray,
    roi: Roi,
    side: int,
    value_range: tuple[float, float],
    border: int = cv2.BORDER_CONSTANT,
) -> np.ndarray:
    """Resample a region as network input.

    Args:
        image: ``[H, W, 3]``, BGR, uint8.
        roi: The region; may reach outside the image.
        side: Of the output, px.
        value_range: Values of 0 and 255 in the output.
        border: OpenCV's border mode outside the image.

    Returns:
        ``[1, side, side, 3]``, RGB, float32.
    """
    matrix = roi_matrix(roi)
    # The matrix maps output px to image px, hence WARP_INVERSE_MAP.
    matrix[:, :2] /= side
    crop = cv2.warpAffine(
        image,
        matrix,
        (side, side),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=border,
    )
    low, high = value_range
    rgb = crop[..., ::-1].astype(np.float32)
    return (rgb * ((high - low) / 255) + low)[None]


def rotate_to_image(points: np.ndarray, roi: Roi) -> np.ndarray:
    """Turn 3D points from the region's axes to the camera's.

    The region is turned about the viewing axis, so only x and y change.

    Args:
        points: ``[N, 3]``, m.
        roi: The region of the network's input.

    Returns:
        ``[N, 3]``, m; x right, y down, z away from the camera.
    """
    cos, sin = np.cos(roi.angle), np.sin(roi.angle)
    turn = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
    return points @ turn.T
