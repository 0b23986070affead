"""Boxes around people; all boxes are (x1, y1, x2, y2) in px."""

import numpy as np

MIN_POINTS = 3
"""Fewer visible keypoints give no box."""


def keypoint_box(keypoints: np.ndarray, visible: np.ndarray) -> np.ndarray:
    """Tight box around the visible keypoints of one person.

    Args:
        keypoints: ``[K, 2]``, px.
        visible: ``[K]``, bool.

    Returns:
        Box ``[4]``; NaN if fewer than :data:`MIN_POINTS` are visible or they
        lie on a horizontal or vertical line.
    """
    points = keypoints[visible]
    box = np.full(4, np.nan, np.float32)
    if len(points) >= MIN_POINTS:
        low, high = points.min(axis=0), points.max(axis=0)
        if (high > low).all():
            box[:2], box[2:] = low, high
    return box


def is_box(box: np.ndarray) -> np.ndarray:
    """Whether boxes ``[..., 4]`` are finite and have an area."""
    with np.errstate(invalid='ignore'):
        size = box[..., 2:] - box[..., :2]
        return np.isfinite(box).all(axis=-1) & (size > 0).all(axis=-1)


def interpolate_boxes(frame_ids: np.ndarray, boxes: np.ndarray) -> np.ndarray:
    """Fill boxes between two known ones, linear in the frame number.

    Args:
        frame_ids: ``[T]``, increasing.
        boxes: ``[T, 4]``; NaN where unknown.

    Returns:
        ``[T, 4]``; still NaN before the first and after the last known box,
        because a person may have left there.
    """
    known = is_box(boxes)
    if not known.any():
        return np.full_like(boxes, np.nan)
    columns = [
        np.interp(frame_ids, frame_ids[known], column[known], np.nan, np.nan)
        for column in boxes.T
    ]
    return np.stack(columns, axis=1).astype(boxes.dtype)


def square_boxes(
    boxes: np.ndarray, scale: float = 1.2, aspect: float = 1.0
) -> np.ndarray:
    """Square boxes about the same centres.

    Args:
        boxes: Tight boxes ``[T, 4]``.
        scale: Side of the square over the longer side of the box (SPIN: 1.2).
        aspect: Factor on the widths, for a network whose input is only
            ``1 / aspect`` of the square's width (HMR2.0: 4 / 3, scale 1).

    Returns:
        ``[T, 4]``; may reach outside the image.
    """
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    size = (boxes[:, 2:] - boxes[:, :2]) * np.array([aspect, 1], boxes.dtype)
    half = size.max(axis=1, keepdims=True) / 2
    return np.concatenate(
        [centre - scale * half, centre + scale * half], axis=1
    )
