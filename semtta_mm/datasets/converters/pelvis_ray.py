"""The frame that a crop network can know: the pelvis' ray is the axis.

A network that sees only a crop cannot tell where in the image it lies, so
it states a body as if the camera looked at it. A reference in the camera's
axes is then off by the angle of that ray (4-6 degrees in ``pose2sim``).
"""

import numpy as np

from ...conventions import keypoint_index
from ...structures import PersonTrack


def mid_hip(joints: np.ndarray, convention: str = 'limbs_12') -> np.ndarray:
    """Middle of both hips ``[T, 3]`` of joints ``[T, J, 3]``.

    Raises:
        ValueError: If the convention has no hips.
    """
    hips = keypoint_index(convention, ('left_hip', 'right_hip'))
    return joints[:, hips].mean(axis=1)


def pelvis_ray_rotation(root: np.ndarray) -> np.ndarray:
    """Shortest rotation that turns the ray to a point onto the z axis.

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
    return np.eye(3) + skew + skew @ skew / (1 + z)[:, None, None]


def to_pelvis_ray(joints: np.ndarray, root: np.ndarray) -> np.ndarray:
    """Turn points about the camera until its axis meets the root.

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
    return np.einsum('tij,tkj->tki', rotation, joints)


def ray_angles(track: PersonTrack) -> np.ndarray:
    """Angle from the optical axis to the reference's pelvis.

    Args:
        track: With reference joints as ``limbs_12``.

    Returns:
        ``[V]``, degrees, of the ``V`` frames with a valid reference.

    Raises:
        ValueError: If the track has no reference joints.
    """
    reference = track.reference
    if reference is None or reference.joints is None:
        raise ValueError('reference: the track has none')
    joints = reference.joints[reference.valid]
    rotation = pelvis_ray_rotation(mid_hip(joints))
    return np.degrees(np.arccos(np.clip(rotation[:, 2, 2], -1, 1)))
