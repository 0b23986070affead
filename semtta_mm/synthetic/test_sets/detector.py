"""Simulated 2D detections: true keypoints with a detector's errors."""

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
"""Keypoints that are swapped together: arms, or legs."""


@dataclass(frozen=True)
class Detector:
    """Error model of a detector.

    Attributes:
        per_limb: Ratio of the error to the length of the keypoint's limb.
        per_blur: Ratio of the error to the blur of the image.
        per_speed: Ratio of the error to the keypoint's motion in a frame.
        correlation: Of the error with that of the previous frame.
        hidden: Factor on the error of self-occluded keypoints.
        misses: Probability that a visible keypoint is missing.
        hidden_misses: Probability that a self-occluded keypoint is missing.
        swaps: Probability in each frame that a swap of both arms, or of both
            legs, starts.
        swap_frames: Longest swap, frames.
        box: Ratio of the error of the box's edges to its longer side.
    """

    per_limb: float = 0.035
    per_blur: float = 0.4
    per_speed: float = 0.08
    correlation: float = 0.7
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
            lengths: Lengths of their limbs ``[T, K]``, px.
            hidden: Self-occluded keypoints ``[T, K]``, bool.
            blur: Of the image, px.

        Returns:
            ``[T, K]``, px.
        """
        speed = np.linalg.norm(np.gradient(points, axis=0), axis=-1)
        visible = (
            self.per_limb * lengths
            + self.per_blur * blur
            + self.per_speed * speed
        )
        return visible * np.where(hidden, self.hidden, 1.0)

    def noise(self, sigma: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """Errors ``[T, K, 2]``, px, correlated in time."""
        fresh = rng.normal(0, 1, (*sigma.shape, 2))
        out = fresh.copy()
        keep, new = self.correlation, np.sqrt(1 - self.correlation**2)
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
        probability = np.where(hidden, self.hidden_misses, self.misses)
        scores[rng.random(probability.shape) < probability] = 0
        return found, scores

    def _swap(
        self,
        points: np.ndarray,
        scores: np.ndarray,
        convention: str,
        rng: np.random.Generator,
    ) -> None:
        """Swap left and right in a few frames, in place."""
        names, other = keypoint_names(convention), flip_index(convention)
        for parts in _SWAPPED:
            own = [k for k, n in enumerate(names) if n.endswith(parts)]
            opposite = [other[k] for k in own]
            for start in np.flatnonzero(rng.random(len(points)) < self.swaps):
                end = start + int(rng.integers(1, self.swap_frames + 1))
                points[start:end, own] = points[start:end, opposite]
                scores[start:end, own] = 0.85 * scores[start:end, opposite]

    def boxes(
        self, points: np.ndarray, rng: np.random.Generator
    ) -> np.ndarray:
        """Tight boxes with errors correlated in time ``[T, 4]``, px."""
        tight = np.concatenate([points.min(axis=1), points.max(axis=1)], 1)
        sigma = self.box * _side(points).repeat(2, axis=1)
        return tight + self.noise(sigma, rng).reshape(-1, 4)


def limb_lengths(
    joints: np.ndarray, focal: float, convention: str
) -> np.ndarray:
    """Length of each keypoint's limb, as if parallel to the image.

    Args:
        joints: Keypoints ``[T, K, 3]``, m, camera frame.
        focal: Focal length, px.
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
