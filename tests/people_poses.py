"""Skeletons of a standing person, in px, for tests of people."""

import numpy as np

from semtta_mm.conventions import keypoint_names

NAMES = keypoint_names('coco_17')
STANDING = {
    'nose': (0, -0.45), 'left_eye': (0.02, -0.47), 'right_eye': (-0.02, -0.47),
    'left_ear': (0.04, -0.46), 'right_ear': (-0.04, -0.46),
    'left_shoulder': (0.1, -0.33), 'right_shoulder': (-0.1, -0.33),
    'left_elbow': (0.14, -0.18), 'right_elbow': (-0.14, -0.18),
    'left_wrist': (0.15, -0.03), 'right_wrist': (-0.15, -0.03),
    'left_hip': (0.07, 0), 'right_hip': (-0.07, 0),
    'left_knee': (0.08, 0.24), 'right_knee': (-0.08, 0.24),
    'left_ankle': (0.08, 0.48), 'right_ankle': (-0.08, 0.48),
}  # fmt: skip
HEIGHT, FPS = 200.0, 10.0


def poses(frames, swing=0.0, noise=0.0, seed=0):
    """Skeletons ``[T, 17, 2]``, px, whose arms and legs swing."""
    rng = np.random.default_rng(seed)
    rest = np.array([STANDING[name] for name in NAMES]) * HEIGHT
    points = np.tile(rest, (frames, 1, 1)) + [400, 300]
    phase = np.sin(np.arange(frames) / FPS * 2 * np.pi)
    for k, name in enumerate(NAMES):
        if 'wrist' in name or 'ankle' in name or 'knee' in name:
            sign = 1 if 'left' in name else -1
            points[:, k, 0] += sign * swing * HEIGHT * phase
    return points + rng.normal(0, noise * HEIGHT, points.shape)
