"""Translation of a person on the ground, without sliding contacts."""

from __future__ import annotations

import numpy as np
from scipy.signal import savgol_filter

CONTACT = 0.008
"""Height over which a vertex's weight in the contact falls by e, m."""

PLANTED = 1.2
"""Largest extent of a path, m; a longer one becomes motion on the spot."""

_WINDOW = 31
"""Frames over which the speed of a walk on the spot is measured."""


def grounded_path(vertices: np.ndarray) -> np.ndarray:
    """Translation that puts a body on the ground.

    Height: the lowest vertex is on the ground in every frame, so jumps lose
    their flight. Horizontally: the vertices in contact with the ground do not
    move. If the extent of the path is above :data:`PLANTED`, its slow part is
    removed: motion on a treadmill that runs at the person's speed.

    Args:
        vertices: ``[T, V, 3]``, m, y up, pelvis about the origin.

    Returns:
        ``[T, 3]``, m; the middle of the path is over the origin.
    """
    height = vertices[..., 1]
    path = contact_path(vertices)
    if np.ptp(path, axis=0).max() > PLANTED:
        path = path - _slow(path)
    path = path - (path.min(axis=0) + path.max(axis=0)) / 2
    return np.stack([path[:, 0], -height.min(axis=1), path[:, 1]], axis=1)


def contact_path(vertices: np.ndarray) -> np.ndarray:
    """Horizontal translation that keeps the lowest vertices still.

    Args:
        vertices: ``[T, V, 3]``, m, y up.

    Returns:
        x and z ``[T, 2]``, m, from 0.
    """
    height = vertices[..., 1]
    above = height - height.min(axis=1, keepdims=True)
    # A vertex counts if it is low in both frames of a step.
    weight = np.exp(-(above[:-1] + above[1:]) / CONTACT)
    weight /= weight.sum(axis=1, keepdims=True)
    moved = np.diff(vertices[..., [0, 2]], axis=0)
    steps = -np.einsum('tv,tvc->tc', weight, moved)
    return np.concatenate([np.zeros((1, 2)), np.cumsum(steps, axis=0)])


def _slow(path: np.ndarray) -> np.ndarray:
    window = min(_WINDOW, len(path) - 1 + len(path) % 2)
    return savgol_filter(path, window, polyorder=1, axis=0)
