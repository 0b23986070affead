"""Rotations from a body's world to a camera."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

UPRIGHT = np.diag([1.0, -1.0, -1.0])
"""Body axes (y up, z front) to camera axes (y down, z forward), face on."""


def look_at(yaw: float, pitch: float = 0.0, roll: float = 0.0) -> NDArray[Any]:
    """World to camera.

    Args:
        yaw: Rotation of the body to its left, radians; 0 is face on.
        pitch: Elevation of the camera, radians; positive is above.
        roll: Rotation of the camera about its axis, radians.

    Returns:
        ``[3, 3]``.
    """
    turn = Rotation.from_euler('y', yaw).as_matrix()
    tilt = Rotation.from_euler('x', pitch).as_matrix()
    bank = Rotation.from_euler('z', roll).as_matrix()
    rotation: NDArray[Any] = bank @ tilt @ UPRIGHT @ turn
    return rotation
