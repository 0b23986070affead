"""Poses of the training crops: captured motion, partly varied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from ..conventions import NUM_BETAS, NUM_JOINTS, limb_joints
from ..training_data import MotionClip, mirror_pose


@dataclass(frozen=True)
class PoseSampler:
    """Draws poses from clips.

    A label's probability is proportional to the square root of its frames, so
    that frequent labels (walking) do not dominate.

    Attributes:
        clips: Motions to draw from.
        mirrored: Probability of a mirrored pose.
        noisy: Probability of small random rotations of all joints.
        mixed: Probability of limbs from other clips, each limb with 0.5.
        turn: Standard deviation of these rotations, radians.
    """

    clips: Sequence[MotionClip]
    mirrored: float = 0.5
    noisy: float = 0.3
    mixed: float = 0.25
    turn: float = 0.12

    def __post_init__(self) -> None:
        if not self.clips:
            raise ValueError('PoseSampler: needs at least one clip')

    def weights(self) -> np.ndarray:
        """Probability of each clip."""
        frames: Counter[str] = Counter()
        for clip in self.clips:
            frames[clip.label] += len(clip)
        weights = np.array(
            [len(c) / np.sqrt(frames[c.label]) for c in self.clips]
        )
        return weights / weights.sum()

    def frames(self, count: int, rng: np.random.Generator) -> np.ndarray:
        """Draw poses.

        Args:
            count: Number of poses N.
            rng: Source of all choices.

        Returns:
            Rotation matrices ``[N, 24, 3, 3]``.
        """
        weights = self.weights()
        pose = self._draw(count, weights, rng)
        mixed = np.flatnonzero(rng.random(count) < self.mixed)
        for joints in limb_joints():
            rows = mixed[rng.random(len(mixed)) < 0.5]
            other = self._draw(len(rows), weights, rng)
            pose[np.ix_(rows, joints)] = other[:, joints]
        flipped = rng.random(count) < self.mirrored
        pose[flipped] = mirror_pose(pose[flipped])
        noisy = rng.random(count) < self.noisy
        turns = rng.normal(0, self.turn, (int(noisy.sum()), 24, 3))
        noise = Rotation.from_rotvec(turns.reshape(-1, 3)).as_matrix()
        pose[noisy] = pose[noisy] @ noise.reshape(-1, 24, 3, 3)
        return pose

    def _draw(
        self, count: int, weights: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Single frames ``[N, 24, 3, 3]``."""
        out = np.empty((count, NUM_JOINTS, 3, 3))
        for row, clip in enumerate(rng.choice(len(weights), count, p=weights)):
            pose = self.clips[clip].pose
            out[row] = pose[rng.integers(len(pose))]
        return out


def sample_betas(count: int, rng: np.random.Generator) -> np.ndarray:
    """Shapes ``[N, 10]``, standard normal, clipped at 2.5."""
    return np.clip(rng.normal(0, 1, (count, NUM_BETAS)), -2.5, 2.5)
