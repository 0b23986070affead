"""A motion as SMPL rotations, with or without a label."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.spatial.transform import Rotation, Slerp

from ..conventions import NUM_JOINTS, flip_index

_MIRROR = np.diag([-1.0, 1.0, 1.0])


@dataclass(frozen=True)
class MotionClip:
    """One captured or procedural motion.

    Attributes:
        name: Unique name, e.g. ``'cmu/test/walking/walking_1'``.
        label: Action, as free text; ``''`` if the motion is unlabelled.
        source: ``'pybullet'``, ``'cmu'``, ``'procedural'``, ...
        fps: Frames per second.
        pose: Rotation matrices ``[T, 24, 3, 3]``, y up, the body facing +z
            when ``pose[:, 0]`` is the identity.
        loops: Whether the last frame leads back to the first.
    """

    name: str
    label: str
    source: str
    fps: float
    pose: np.ndarray
    loops: bool = False

    def __post_init__(self) -> None:
        if self.pose.shape[1:] != (NUM_JOINTS, 3, 3) or len(self.pose) == 0:
            raise ValueError(
                f'{self.name}: pose: expected [T, 24, 3, 3] with T > 0, '
                f'got {list(self.pose.shape)}'
            )

    def __len__(self) -> int:
        return len(self.pose)

    @property
    def labelled(self) -> bool:
        """Whether the action has a label."""
        return self.label != ''

    @property
    def seconds(self) -> float:
        """Duration."""
        return len(self) / self.fps

    def resampled(self, fps: float) -> MotionClip:
        """The motion at another rate, by slerp per joint."""
        last = (len(self) - 1) / self.fps
        times = np.arange(int(last * fps + 1e-6) + 1) / fps
        at = np.minimum(times * self.fps, len(self) - 1)  # rounding
        return replace(self, fps=fps, pose=slerp_pose(self.pose, at))

    def tiled(self, frames: int) -> MotionClip:
        """Repeat a looping clip to at least ``frames`` frames."""
        if not self.loops or len(self) >= frames:
            return self
        repeats = -(-frames // len(self))
        return replace(self, pose=np.tile(self.pose, (repeats, 1, 1, 1)))


def slerp_pose(pose: np.ndarray, at: np.ndarray) -> np.ndarray:
    """Rotations between frames.

    Args:
        pose: Rotation matrices ``[T, J, 3, 3]``.
        at: Frame positions ``[N]`` in ``[0, T - 1]``, fractions allowed.

    Returns:
        ``[N, J, 3, 3]``.
    """
    if len(pose) == 1:
        return np.repeat(pose, len(at), axis=0)
    frames = np.arange(len(pose))
    joints = [
        Slerp(frames, Rotation.from_matrix(pose[:, j]))(at).as_matrix()
        for j in range(pose.shape[1])
    ]
    return np.stack(joints, axis=1)


def mirror_pose(pose: np.ndarray) -> np.ndarray:
    """The pose with left and right swapped.

    Args:
        pose: Rotation matrices ``[..., 24, 3, 3]``.

    Returns:
        ``[..., 24, 3, 3]``.
    """
    swapped = pose[..., flip_index('smpl_24'), :, :]
    return _MIRROR @ swapped @ _MIRROR
