"""Random poses inside a rough range of human motion.

They are used to fit and check the regressors, not as a motion prior.
"""

import numpy as np
from scipy.spatial.transform import Rotation

from ...conventions import NUM_JOINTS, SMPL_JOINTS

# Degrees about x, y, z (SMPL's axes) of the LEFT side or the spine: lowest
# and highest. T-pose arms lie along x: elbows bend about y, shoulders swing
# about y (forward) and z (down).
RANGES: dict[str, tuple[tuple[float, float], ...]] = {
    'hip': ((-100, 25), (-30, 30), (-15, 40)),
    'knee': ((0, 120), (-5, 5), (-5, 5)),
    'ankle': ((-25, 35), (-15, 15), (-15, 15)),
    'foot': ((-20, 20), (0, 0), (0, 0)),
    'spine_1': ((-10, 25), (-12, 12), (-10, 10)),
    'spine_2': ((-8, 20), (-12, 12), (-10, 10)),
    'spine_3': ((-8, 15), (-12, 12), (-10, 10)),
    'neck': ((-20, 25), (-25, 25), (-12, 12)),
    'head': ((-20, 25), (-25, 25), (-12, 12)),
    'collar': ((-5, 5), (-10, 10), (-10, 15)),
    'shoulder': ((-50, 50), (-90, 30), (-85, 45)),
    'elbow': ((-40, 40), (-130, 0), (-5, 5)),
    'wrist': ((-30, 30), (-20, 20), (-45, 45)),
    'hand': ((0, 0), (0, 0), (-20, 10)),
}


def _range(joint: str) -> np.ndarray:
    """Limits ``[3, 2]``; the right side mirrors turns about y and z."""
    for side, sign in (('left_', 1.0), ('right_', -1.0)):
        if joint.startswith(side):
            limits = np.array(RANGES[joint.removeprefix(side)], float)
            return np.sort(limits * np.array([[1.0], [sign], [sign]]))
    return np.array(RANGES[joint], float)


def random_poses(
    number: int, rng: np.random.Generator, heading: bool = False
) -> np.ndarray:
    """Sample poses, mostly mild, sometimes near the limits.

    Args:
        number: Number of poses.
        rng: Source of randomness.
        heading: Also rotate the whole body about the vertical.

    Returns:
        Rotation matrices ``[number, 24, 3, 3]``.
    """
    pose = np.tile(np.eye(3), (number, NUM_JOINTS, 1, 1))
    for j, joint in enumerate(SMPL_JOINTS[1:], start=1):
        low, high = _range(joint).T
        part = rng.beta(1.5, 1.5, (number, 3))
        euler = low + part * (high - low)
        pose[:, j] = Rotation.from_euler('xyz', euler, True).as_matrix()
    if heading:
        turn = rng.uniform(-np.pi, np.pi, (number, 1))
        pose[:, 0] = Rotation.from_euler('y', turn).as_matrix()
    return pose
