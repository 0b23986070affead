"""Position and orientation of a body from its hips and shoulders."""

import numpy as np

from ...conventions import keypoint_index

TORSO = ('left_hip', 'right_hip', 'left_shoulder', 'right_shoulder')


def torso_rotation(
    points: np.ndarray, observed: np.ndarray, convention: str
) -> tuple[np.ndarray, np.ndarray]:
    """Initial value of a fit: axes of the torso and middle of the hips.

    SMPL's rest pose has x to the body's left, y up and z forward; left is
    the mean of hips and shoulders, up is orthogonal to it.

    Args:
        points: ``[T, K, 3]``, m.
        observed: ``[T, K]``, bool.
        convention: Convention of the points.

    Returns:
        Rotations ``[T, 3, 3]`` from the rest pose, and places ``[T, 3]``;
        a frame without a hip or shoulder gets those of the nearest frame.

    Raises:
        ValueError: If no frame has all four.
    """
    index = keypoint_index(convention, TORSO)
    usable = np.flatnonzero(observed[:, index].all(axis=1))
    if not len(usable):
        raise ValueError('observed: no frame has both hips and both shoulders')
    gaps = np.abs(np.arange(len(points))[:, None] - usable)
    chosen = points[usable[gaps.argmin(axis=1)]][:, index]
    left_hip, right_hip, left_shoulder, right_shoulder = chosen.swapaxes(0, 1)
    hips = (left_hip + right_hip) / 2
    x = _unit(left_hip - right_hip + left_shoulder - right_shoulder)
    z = _unit(np.cross(x, (left_shoulder + right_shoulder) / 2 - hips))
    return np.stack([x, np.cross(z, x), z], axis=-1), hips


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=-1, keepdims=True)
