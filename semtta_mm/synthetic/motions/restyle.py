"""Variations of a capture in tempo, amplitude and posture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy.spatial.transform import Rotation

from ...conventions import SMPL_JOINTS
from ...training_data import MotionClip, mirror_pose, slerp_pose
from .procedural.style import Style

_POSTURE: dict[str, tuple[str, float]] = {
    'spine_1': ('x', 12.0),
    'spine_2': ('z', 8.0),
    'left_shoulder': ('z', 16.0),
    'right_shoulder': ('z', 16.0),
    'left_elbow': ('y', 14.0),
    'right_elbow': ('y', 14.0),
    'head': ('x', 15.0),
}
"""Joint to the axis of its constant offset, and the largest, degrees."""


def restyle(clip: MotionClip, style: Style) -> MotionClip:
    """The same action in another style.

    The tempo changes by up to a third, the amplitude about the mean pose by
    a quarter, and the posture by constant offsets; half of the results are
    mirrored. The root keeps its motion.

    Args:
        clip: The capture.
        style: Draws the change; contains the split.

    Returns:
        A clip of the same label, rate and source.
    """
    pose = retime(clip.pose, style(0.7, 1.35))
    pose = scale_amplitude(pose, style(0.75, 1.25))
    for name, (axis, degrees) in _POSTURE.items():
        offset = Rotation.from_euler(
            axis, style(-degrees, degrees), degrees=True
        )
        joint = SMPL_JOINTS.index(name)
        pose[:, joint] = pose[:, joint] @ offset.as_matrix()
    if style.coin():
        pose = mirror_pose(pose)
    number = style.rng.integers(2**32)
    name = f'{clip.name}/{style.split}/{number:08x}'
    return replace(clip, name=name, pose=pose)


def retime(pose: np.ndarray, speed: float) -> np.ndarray:
    """Play faster or slower: ``[T, J, 3, 3]`` to about ``T / speed``."""
    frames = max(1, round((len(pose) - 1) / speed) + 1)
    return slerp_pose(pose, np.linspace(0, len(pose) - 1, frames))


def scale_amplitude(pose: np.ndarray, factor: float) -> np.ndarray:
    """Scale each joint's rotation about its mean in time, not the root's.

    Args:
        pose: Rotation matrices ``[T, 24, 3, 3]``.
        factor: 0 sets all joints to their mean, 1 changes nothing.

    Returns:
        ``[T, 24, 3, 3]``.
    """
    out = pose.copy()
    for joint in range(1, pose.shape[1]):
        rotations = Rotation.from_matrix(pose[:, joint])
        mean = rotations.mean()
        turns = (mean.inv() * rotations).as_rotvec()
        scaled = mean * Rotation.from_rotvec(factor * turns)
        out[:, joint] = scaled.as_matrix()
    return out
