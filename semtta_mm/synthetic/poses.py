"""Poses to train on: mostly natural motion, some of it varied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

from ..conventions import NUM_BETAS, SMPL_JOINTS
from .motions import MotionClip, mirror_pose

_UPPER = np.array(
    [
        i
        for i, name in enumerate(SMPL_JOINTS)
        if name.startswith(('spine', 'neck', 'head'))
        or any(
            p in name for p in ('collar', 'shoulder', 'elbow', 'wrist', 'hand')
        )
    ]
)


@dataclass(frozen=True)
class PoseSampler:
    """Draws poses from clips.

    A label's chance grows with the square root of its frames, so that walking
    does not crowd out the rest.

    Attributes:
        clips: Motions to draw from.
        mirrored: Chance of a mirrored pose.
        noisy: Chance of small random turns of all joints.
        mixed: Chance of an upper body from another clip.
        turn: Standard deviation of the random turns, radians.
    """

    clips: Sequence[MotionClip]
    mirrored: float = 0.5
    noisy: float = 0.3
    mixed: float = 0.15
    turn: float = 0.12

    def __post_init__(self) -> None:
        if not self.clips:
            raise ValueError('PoseSampler: needs at least one clip')

    def weights(self) -> np.ndarray:
        """Chance of each clip."""
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
            count: How many, N.
            rng: Source of all choices.

        Returns:
            Rotation matrices ``[N, 24, 3, 3]``.
        """
        chosen = rng.choice(len(self.clips), (count, 2), p=self.weights())
        pose = np.stack([self._frame(i, rng) for i in chosen[:, 0]])
        other = np.stack([self._frame(i, rng) for i in chosen[:, 1]])
        mixed = rng.random(count) < self.mixed
        pose[np.ix_(mixed, _UPPER)] = other[np.ix_(mixed, _UPPER)]
        flipped = rng.random(count) < self.mirrored
        pose[flipped] = mirror_pose(pose[flipped])
        noisy = rng.random(count) < self.noisy
        turns = rng.normal(0, self.turn, (int(noisy.sum()), 24, 3))
        noise = Rotation.from_rotvec(turns.reshape(-1, 3)).as_matrix()
        pose[noisy] = pose[noisy] @ noise.reshape(-1, 24, 3, 3)
        return pose

    def _frame(self, clip: int, rng: np.random.Generator) -> np.ndarray:
        pose = self.clips[clip].pose
        return pose[rng.integers(len(pose))]


def sample_betas(count: int, rng: np.random.Generator) -> np.ndarray:
    """Shapes ``[N, 10]`` of the body's population, cut at 2.5."""
    return np.clip(rng.normal(0, 1, (count, NUM_BETAS)), -2.5, 2.5)
