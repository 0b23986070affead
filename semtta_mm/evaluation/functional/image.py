"""Errors in the image: pixels in, pixels or fractions out."""

import torch
from torch import Tensor

from .checks import check_size, prepare_pair
from .per_frame import PerFrame, masked_mean


def reprojection_error(
    prediction: Tensor, target: Tensor, visible: Tensor
) -> PerFrame:
    """Mean distance of projected keypoints to the 2D evidence, px.

    Args:
        prediction: Projected keypoints ``[T, K, 2]``, px of the image.
        target: 2D evidence ``[T, K, 2]``, px of the image.
        visible: Keypoints that are there ``[T, K]``, bool.

    Returns:
        Mean distance per frame ``[T]``, px.

    Raises:
        InputError: On other shapes, or NaN or infinity in a visible point.
    """
    prediction, target, visible = prepare_pair(
        'reprojection_error', prediction, target, visible
    )
    distance = torch.linalg.vector_norm(prediction - target, dim=-1)
    return masked_mean(distance, visible)


def _hits(
    prediction: Tensor,
    target: Tensor,
    visible: Tensor,
    size: Tensor,
    threshold: float,
) -> tuple[Tensor, Tensor]:
    """Correct keypoints ``[T, K]`` and visible ones ``[T, K]``, bool."""
    prediction, target, visible = prepare_pair(
        'pck', prediction, target, visible
    )
    check_size('pck', 'size', size, visible)
    # A frame without keypoints may lack its size; NaN compares as a miss.
    limit = threshold * size
    distance = torch.linalg.vector_norm(prediction - target, dim=-1)
    return visible & (distance <= limit[:, None]), visible


def pck(
    prediction: Tensor,
    target: Tensor,
    visible: Tensor,
    size: Tensor,
    threshold: float = 0.05,
) -> PerFrame:
    """Percentage of correct keypoints, as a fraction per frame.

    A keypoint is correct if it is at most ``threshold * size`` away.

    Args:
        prediction: ``[T, K, 2]``, px.
        target: ``[T, K, 2]``, px.
        visible: Keypoints that are there ``[T, K]``, bool.
        size: Reference length of each frame ``[T]``, px, e.g. the longer
            side of the person's box.
        threshold: Share of the reference length.

    Returns:
        Fraction of the visible keypoints of each frame ``[T]``, 0 to 1.

    Raises:
        InputError: On other shapes, NaN or infinity in a visible point, or
            no positive size in a frame with visible points.
    """
    hits, counted = _hits(prediction, target, visible, size, threshold)
    return masked_mean(hits.to(prediction.dtype), counted)


def pck_per_joint(
    prediction: Tensor,
    target: Tensor,
    visible: Tensor,
    size: Tensor,
    threshold: float = 0.05,
) -> PerFrame:
    """Like :func:`pck`, per keypoint over the frames where it is visible.

    Returns:
        Fraction ``[K]`` (the axis is keypoints here, not frames) and the
        number of frames behind each.
    """
    hits, counted = _hits(prediction, target, visible, size, threshold)
    return masked_mean(hits.to(prediction.dtype).T, counted.T)
