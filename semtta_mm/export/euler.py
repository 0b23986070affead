"""Euler angles that change little from frame to frame."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation


def smooth_euler(matrices: NDArray[Any], order: str) -> NDArray[Any]:
    """Intrinsic Euler angles, continuous over time.

    A rotation has two triples of angles, up to whole turns. Each frame takes
    the triple that is nearer to the frame before: curves of an animation
    editor have no jumps, and its interpolation between frames is right.

    Args:
        matrices: Rotation matrices ``[T, 3, 3]``.
        order: Of different axes, upper case for intrinsic, e.g. ``'ZXY'``.

    Returns:
        Degrees ``[T, 3]``, in the given order.
    """
    rotations = Rotation.from_matrix(matrices)
    first = rotations.as_euler(order, degrees=True)
    twin = first * [1, -1, 1] + 180
    out = first.copy()
    for t in range(1, len(out)):
        near = [
            angles + 360 * np.round((out[t - 1] - angles) / 360)
            for angles in (first[t], twin[t])
        ]
        change = [np.abs(angles - out[t - 1]).sum() for angles in near]
        out[t] = near[int(change[1] < change[0])]
    return out
