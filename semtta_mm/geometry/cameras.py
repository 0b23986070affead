"""Cameras: crop boxes, weak perspective and pinhole projection.

SPIN, BOA and CycleAdapt, which follow HMR, predict ``(s, tx, ty)`` in a
square crop and project with a camera of fixed focal length ``f = 5000`` px in
a crop of side ``S`` px: translation ``(tx, ty, 2 f / (S s))``. That camera,
scaled to the box in the image, is again a pinhole with focal length
``f b / S`` (``b``: side of the box, px) and the box centre as principal
point. So every estimator returns a translation (m) and intrinsics (px of the
original image).
"""

import math

import torch
from torch import Tensor

FOCAL_LENGTH = 5000.0
"""Focal length of the crop camera, px of the crop (SPIN)."""

_EPS = 1e-9


def box_centre_side(boxes: Tensor) -> tuple[Tensor, Tensor]:
    """Centre and side of square boxes.

    Args:
        boxes: Square boxes ``[B, 4]`` (x1, y1, x2, y2), px.

    Returns:
        Centre ``[B, 2]`` and side ``[B]``, px.
    """
    centre = (boxes[..., :2] + boxes[..., 2:]) / 2
    return centre, boxes[..., 2] - boxes[..., 0]


def crop_intrinsics(
    boxes: Tensor, crop_size: int, focal_length: float = FOCAL_LENGTH
) -> Tensor:
    """Intrinsics of the crop camera, in px of the original image.

    Args:
        boxes: Square crop boxes ``[B, 4]`` (x1, y1, x2, y2), px.
        crop_size: Side ``S`` of the network's crop, px.
        focal_length: Focal length in the crop, px.

    Returns:
        Intrinsics ``[B, 3, 3]``.
    """
    centre, side = box_centre_side(boxes)
    intrinsics = boxes.new_zeros(*boxes.shape[:-1], 3, 3)
    intrinsics[..., 0, 0] = intrinsics[..., 1, 1] = (
        focal_length * side / crop_size
    )
    intrinsics[..., :2, 2] = centre
    intrinsics[..., 2, 2] = 1
    return intrinsics


def guess_intrinsics(
    width: float, height: float, focal_length: float = 1.0
) -> Tensor:
    """Intrinsics of an unknown camera.

    A focal length of the image's diagonal is an angle of view of 53 degrees
    from corner to corner.

    Args:
        width: Of the image, px.
        height: Of the image, px.
        focal_length: In diagonals of the image.

    Returns:
        ``[3, 3]``, px; the principal point is the middle of the image.
    """
    focal = focal_length * math.hypot(width, height)
    return torch.tensor(
        [[focal, 0, width / 2], [0, focal, height / 2], [0, 0, 1]]
    )


def weak_perspective_to_translation(
    camera: Tensor, crop_size: int, focal_length: float = FOCAL_LENGTH
) -> Tensor:
    """Translation in front of the crop camera.

    Args:
        camera: ``(s, tx, ty)`` ``[B, 3]``.
        crop_size: Side ``S`` of the network's crop, px.
        focal_length: Focal length in the crop, px.

    Returns:
        Translation ``[B, 3]``, m: ``(tx, ty, 2 f / (S s))``.
    """
    scale, tx, ty = camera.unbind(-1)
    depth = 2 * focal_length / (crop_size * scale + _EPS)
    return torch.stack([tx, ty, depth], dim=-1)


def weak_perspective_to_image_translation(
    camera: Tensor, boxes: Tensor, intrinsics: Tensor
) -> Tensor:
    """Translation in front of the *true* camera of the image.

    The body keeps its place and size in the box: depth ``2 fx / (b s)``, and
    the ray to the box centre is added to ``(tx, ty)`` (CLIFF, ECCV 2022).

    Args:
        camera: ``(s, tx, ty)`` ``[B, 3]``.
        boxes: Square crop boxes ``[B, 4]``, px.
        intrinsics: True intrinsics ``[B, 3, 3]``, px.

    Returns:
        Translation ``[B, 3]``, m, camera frame.
    """
    centre, side = box_centre_side(boxes)
    scale, tx, ty = camera.unbind(-1)
    fx, fy = intrinsics[..., 0, 0], intrinsics[..., 1, 1]
    depth = 2 * fx / (side * scale + _EPS)
    offset = centre - intrinsics[..., :2, 2]
    return torch.stack(
        [
            tx + depth * offset[..., 0] / fx,
            # Non-square pixels: keep the vertical position in the crop.
            ty * fx / fy + depth * offset[..., 1] / fy,
            depth,
        ],
        dim=-1,
    )


def unproject_points(points: Tensor, intrinsics: Tensor) -> Tensor:
    """Rays through image points, the inverse of :func:`project_points`.

    Args:
        points: ``[B, K, 2]``, px.
        intrinsics: ``[B, 3, 3]``, px.

    Returns:
        ``[B, K, 3]`` with depth 1 (x right, y down, z forward).
    """
    ones = torch.ones_like(points[..., :1])
    homogeneous = torch.cat((points, ones), dim=-1)
    rays: Tensor = torch.linalg.solve(intrinsics, homogeneous.mT).mT
    return rays


def project_points(points: Tensor, intrinsics: Tensor) -> Tensor:
    """Pinhole projection.

    Args:
        points: ``[B, K, 3]``, m, camera frame (x right, y down, z forward).
        intrinsics: ``[B, 3, 3]``, px.

    Returns:
        ``[B, K, 2]``, px of the original image.
    """
    homogeneous = torch.einsum('...ij,...kj->...ki', intrinsics, points)
    return homogeneous[..., :2] / homogeneous[..., 2:]


def image_to_crop(points: Tensor, boxes: Tensor, crop_size: int) -> Tensor:
    """Image px to crop px.

    Args:
        points: ``[B, K, 2]``, px of the original image.
        boxes: Square crop boxes ``[B, 4]``, px.
        crop_size: Side of the crop, px.

    Returns:
        ``[B, K, 2]``, px of the crop.
    """
    _, side = box_centre_side(boxes)
    scale = (crop_size / side)[..., None, None]
    return (points - boxes[..., None, :2]) * scale


def crop_to_image(points: Tensor, boxes: Tensor, crop_size: int) -> Tensor:
    """Inverse of :func:`image_to_crop`."""
    _, side = box_centre_side(boxes)
    scale = (side / crop_size)[..., None, None]
    return points * scale + boxes[..., None, :2]
