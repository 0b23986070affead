"""Axes of a crop network's output: z is the ray through the pelvis.

The input of the network does not contain the position of the crop in the
image, so it predicts a body as if the camera pointed at it. A reference in
the camera's axes differs by the angle of that ray (4-6 degrees in
``pose2sim``).
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..conventions import keypoint_index


def mid_hip(
    joints: NDArray[Any], convention: str = 'limbs_12'
) -> NDArray[Any]:
    """Middle of both hips ``[T, 3]`` of joints ``[T, J, 3]``.

    Raises:
        ValueError: If the convention has no hips.
    """
    hips = keypoint_index(convention, ('left_hip', 'right_hip'))
    middle: NDArray[Any] = joints[:, hips].mean(axis=1)
    return middle


def pelvis_ray_rotation(root: NDArray[Any]) -> NDArray[Any]:
    """Shortest rotation from the ray through a point to the z axis.

    Rodrigues' formula without angles: with ``v = a x z`` and ``c = a . z``,
    ``R = I + [v] + [v]^2 / (1 + c)``.

    Args:
        root: ``[T, 3]``, m, camera frame.

    Returns:
        ``[T, 3, 3]``; ``R @ root`` is ``(0, 0, |root|)``.

    Raises:
        ValueError: If a root is not finite or not in front of the camera.
    """
    root = np.asarray(root, np.float64)
    if not np.isfinite(root).all() or not (root[:, 2] > 0).all():
        raise ValueError('root: must be finite and in front of the camera')
    x, y, z = (root / np.linalg.norm(root, axis=1, keepdims=True)).T
    zero = np.zeros_like(x)
    # v = (x, y, z) x (0, 0, 1) = (y, -x, 0)
    skew = np.stack(
        [zero, zero, -x, zero, zero, -y, x, y, zero], axis=1
    ).reshape(-1, 3, 3)
    rotation: NDArray[Any] = (
        np.eye(3) + skew + skew @ skew / (1 + z)[:, None, None]
    )
    return rotation


def to_pelvis_ray(joints: NDArray[Any], root: NDArray[Any]) -> NDArray[Any]:
    """Rotate points about the camera so that the root is on its axis.

    Args:
        joints: Joints or vertices ``[T, J, 3]``, m, camera frame.
        root: Pelvis of each frame ``[T, 3]``, m, e.g. :func:`mid_hip`. Frames
            without one must be left out.

    Returns:
        ``[T, J, 3]``, m; distances are kept, to the camera as well.

    Raises:
        ValueError: If a root is not finite or not in front of the camera.
    """
    rotation = pelvis_ray_rotation(root)
    rotated: NDArray[Any] = np.einsum('tij,tkj->tki', rotation, joints)
    return rotated
