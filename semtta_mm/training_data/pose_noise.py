"""Noise of a frame-wise pose estimator, added to clean motion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d
from scipy.spatial.transform import Rotation

from ..conventions import limb_joints

_LIMBS = tuple(limb_joints())


@dataclass(frozen=True)
class PoseNoise:
    """Jitter, slow drift and frames in which a limb is wrong.

    Each window draws its own strengths between 0 and these limits, so that
    some windows are nearly clean.

    Attributes:
        jitter: Standard deviation of independent rotations, radians.
        drift: Standard deviation of rotations smooth in time, radians.
        drift_frames: Their correlation length, frames (Gaussian sigma).
        lost: Probability that a limb of a frame is wrong.
        lost_turn: Standard deviation of a wrong limb's rotations, radians.
    """

    jitter: float = 0.2
    drift: float = 0.1
    drift_frames: float = 4.0
    lost: float = 0.08
    lost_turn: float = 0.5

    def __call__(
        self, pose: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Noisy copy of a window.

        Args:
            pose: Rotation matrices ``[T, 24, 3, 3]``.
            rng: Source of all choices.

        Returns:
            ``[T, 24, 3, 3]``.
        """
        turns = self.turns(len(pose), pose.shape[1], rng)
        noise = Rotation.from_rotvec(turns.reshape(-1, 3)).as_matrix()
        return pose @ noise.reshape(pose.shape)

    def turns(
        self, frames: int, joints: int, rng: np.random.Generator
    ) -> np.ndarray:
        """Axis-angle rotations ``[T, J, 3]``, radians."""
        shape = (frames, joints, 3)
        jitter = self.jitter * rng.random() * rng.normal(size=shape)
        slow = gaussian_filter1d(
            rng.normal(size=shape), self.drift_frames, axis=0
        )
        # Standard deviation of unit white noise after the Gaussian kernel.
        share = (2 * np.sqrt(np.pi) * self.drift_frames) ** -0.5
        drift = self.drift * rng.random() * slow / share
        return jitter + drift + self._lost(shape, rng)

    def _lost(
        self, shape: tuple[int, int, int], rng: np.random.Generator
    ) -> np.ndarray:
        probability = self.lost * rng.random()
        out = np.zeros(shape)
        for joints in _LIMBS:
            rows = np.flatnonzero(rng.random(shape[0]) < probability)
            size = (len(rows), len(joints), 3)
            out[np.ix_(rows, joints)] = rng.normal(0, self.lost_turn, size)
        return out
