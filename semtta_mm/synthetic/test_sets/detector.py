"""2D keypoints as a detector would give them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ...conventions import flip_index, keypoint_names

_OTHER_END: dict[str, str] = {
    'nose': 'left_ear',
    'left_eye': 'left_ear',
    'right_eye': 'right_ear',
    'left_ear': 'right_ear',
    'right_ear': 'left_ear',
    'left_shoulder': 'right_shoulder',
    'right_shoulder': 'left_shoulder',
    'left_hip': 'right_hip',
    'right_hip': 'left_hip',
} | {
    f'{side}_{end}': f'{side}_{start}'
    for side in ('left', 'right')
    for end, start in (
        ('elbow', 'shoulder'),
        ('wrist', 'elbow'),
        ('knee', 'hip'),
        ('ankle', 'knee'),
        ('big_toe', 'heel'),
        ('small_toe', 'heel'),
        ('heel', 'big_toe'),
    )
}
"""Keypoint to the other end of the limb whose length sets its error."""

_SWAPPED = (
    ('elbow', 'wrist'),
    ('knee', 'ankle', 'big_toe', 'small_toe', 'heel'),
)
"""What goes to the other side together: arms, or legs."""


@dataclass(frozen=True)
class Detector:
    """How a detector errs.

    Attributes:
        per_limb: Error over the length of the keypoint's limb as seen.
        per_blur: Error over the picture's blur.
        per_speed: Error over the keypoint's way in a frame.
        memory: Correlation of the error with that of the last frame.
        hidden: Error behind the person's own body over that in sight.
        misses: Chance to miss a keypoint in sight.
        hidden_misses: The same behind the own body.
        swaps: Chance a frame that both arms, or both legs, start to be taken
            for each other.
        swap_frames: Longest such mistake.
        box: Error of the box's edges over its longer side.
    """

    per_limb: float = 0.035
    per_blur: float = 0.4
    per_speed: float = 0.08
    memory: float = 0.7
    hidden: float = 2.5
    misses: float = 0.005
    hidden_misses: float = 0.12
    swaps: float = 0.003
    swap_frames: int = 5
    box: float = 0.015

    def sigma(
        self,
        points: np.ndarray,
        lengths: np.ndarray,
        hidden: np.ndarray,
        blur: float,
    ) -> np.ndarray:
        """Standard deviation of the error along each axis.

        Args:
            points: True keypoints ``[T, K, 2]``, px.
            lengths: Of their limbs ``[T, K]``, px.
            hidden: Behind the own body ``[T, K]``, bool.
            blur: Of the picture, px.

        Returns:
            ``[T, K]``, px.
        """
        speed = np.linalg.norm(np.gradient(points, axis=0), axis=-1)
        seen = (
            self.per_limb * lengths
            + self.per_blur * blur
            + self.per_speed * speed
        )
        return seen * np.where(hidden, self.hidden, 1.0)

    def noise(self, sigma: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Errors ``[T, K, 2]``, px, that change slowly."""
        fresh = rng.normal(0, 1, (*sigma.shape, 2))
        out = fresh.copy()
        keep, new = self.memory, np.sqrt(1 - self.memory**2)
        for t in range(1, len(out)):
            out[t] = keep * out[t - 1] + new * fresh[t]
        return out * sigma[..., None]

    def detect(
        self,
        points: np.ndarray,
        lengths: np.ndarray,
        hidden: np.ndarray,
        blur: float,
        convention: str,
        rng: np.random.Generator,
    ) -> tuple[np.ndarray, np.ndarray]:
        """Noisy keypoints ``[T, K, 2]`` and scores ``[T, K]``; 0 is missing.

        Args:
            points: As in :meth:`sigma`.
            lengths: As in :meth:`sigma`.
            hidden: As in :meth:`sigma`.
            blur: As in :meth:`sigma`.
            convention: Of the keypoints.
            rng: Source of all errors.
        """
        error = self.noise(self.sigma(points, lengths, hidden, blur), rng)
        relative = np.linalg.norm(error, axis=-1) / (0.05 * _side(points))
        doubt = 0.3 * relative + 0.2 * hidden
        scores = 0.95 - doubt + rng.normal(0, 0.04, doubt.shape)
        scores = np.clip(scores, 0.05, 0.99)
        found = points + error
        self._swap(found, scores, convention, rng)
        chance = np.where(hidden, self.hidden_misses, self.misses)
        scores[rng.random(chance.shape) < chance] = 0
        return found, scores

    def _swap(
        self,
        points: np.ndarray,
        scores: np.ndarray,
        convention: str,
        rng: np.random.Generator,
    ) -> None:
        """Take left for right for a few frames, rarely; in place."""
        names, other = keypoint_names(convention), flip_index(convention)
        for parts in _SWAPPED:
            mine = [k for k, n in enumerate(names) if n.endswith(parts)]
            theirs = [other[k] for k in mine]
            for start in np.flatnonzero(rng.random(len(points)) < self.swaps):
                end = start + int(rng.integers(1, self.swap_frames + 1))
                points[start:end, mine] = points[start:end, theirs]
                scores[start:end, mine] = 0.85 * scores[start:end, theirs]

    def boxes(
        self, points: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Tight boxes with slowly changing errors ``[T, 4]``, px."""
        tight = np.concatenate([points.min(axis=1), points.max(axis=1)], 1)
        sigma = self.box * _side(points).repeat(2, axis=1)
        return tight + self.noise(sigma, rng).reshape(-1, 4)


def limb_lengths(
    joints: np.ndarray, focal: float, convention: str
) -> np.ndarray:
    """Length of each keypoint's limb, as if seen from the side.

    Args:
        joints: Keypoints ``[T, K, 3]``, m, camera frame.
        focal: px.
        convention: Of the keypoints.

    Returns:
        ``[T, K]``, px.
    """
    names = keypoint_names(convention)
    ends = [names.index(_OTHER_END[name]) for name in names]
    length = np.linalg.norm(joints - joints[:, ends], axis=-1)
    return focal * length / joints[..., 2]


def _side(points: np.ndarray) -> np.ndarray:
    """Longer side of the person's extent ``[T, 1]``, px."""
    return np.ptp(points, axis=1).max(axis=1)[:, None]
