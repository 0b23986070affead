"""One-euro filter (Casiez et al., CHI 2012)."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .landmarks import Pose

RATE = 30.0
"""Samples per second that the cut-offs are tuned for.

mediapipe's Python package, too, steps its filters by 1/30 s a frame, whatever
the video's rate is.
"""


class OneEuroFilter:
    """Filters each entry of an array over time.

    Args:
        min_cutoff: Cut-off at rest, Hz.
        beta: Growth of the cut-off with speed.
        derivative_cutoff: Cut-off for the speed itself, Hz.
        rate: Samples per second.
    """

    def __init__(
        self,
        min_cutoff: float,
        beta: float,
        derivative_cutoff: float = 1.0,
        rate: float = RATE,
    ) -> None:
        self._min_cutoff, self._beta = min_cutoff, beta
        self._derivative_cutoff, self._rate = derivative_cutoff, rate
        self.reset()

    def reset(self) -> None:
        """Forget the past."""
        self._raw: np.ndarray | None = None
        self._value = np.zeros(0)
        self._speed = np.zeros(0)

    def __call__(self, values: np.ndarray, scale: float = 1.0) -> np.ndarray:
        """Filter the next sample.

        Args:
            values: Of any shape, the same each time.
            scale: Size of the object, in the unit of ``values``; speed is
                measured in objects per second.

        Returns:
            Filtered values; the first sample passes unchanged.
        """
        if self._raw is None:
            self._value, self._speed = values.copy(), np.zeros_like(values)
        else:
            speed = (values - self._raw) / scale * self._rate
            alpha = self._alpha(np.array(self._derivative_cutoff))
            self._speed = alpha * speed + (1 - alpha) * self._speed
            alpha = self._alpha(
                self._min_cutoff + self._beta * np.abs(self._speed)
            )
            self._value = alpha * values + (1 - alpha) * self._value
        self._raw = values.copy()
        return self._value.copy()

    def _alpha(self, cutoff: np.ndarray) -> np.ndarray:
        return 1 / (1 + self._rate / (2 * np.pi * cutoff))


@dataclass
class LowPass:
    """Exponential mean with a fixed weight of the new sample."""

    alpha: float
    value: np.ndarray | None = None

    def __call__(self, values: np.ndarray) -> np.ndarray:
        """Filter the next sample; the first passes unchanged."""
        if self.value is not None:
            values = self.alpha * values + (1 - self.alpha) * self.value
        self.value = values
        return values

    def reset(self) -> None:
        """Forget the past."""
        self.value = None


class PoseSmoother:
    """Mediapipe's smoothing of poses with ``smooth_landmarks=True``.

    The values are mediapipe's own. Keypoints lag behind fast motion, and
    visibility lags by about ten frames.
    """

    def __init__(self) -> None:
        self._keypoints = OneEuroFilter(min_cutoff=0.05, beta=80.0)
        self._world = OneEuroFilter(min_cutoff=0.1, beta=40.0)
        self._scores = LowPass(alpha=0.1)

    def reset(self) -> None:
        """Forget the past, after the person was lost."""
        for part in (self._keypoints, self._world, self._scores):
            part.reset()

    def __call__(self, pose: Pose, size: float) -> Pose:
        """Filter the next pose.

        Args:
            pose: Raw pose.
            size: Of the body in the image, px.
        """
        return replace(
            pose,
            keypoints=self._keypoints(pose.keypoints, size),
            world=self._world(pose.world),
            scores=self._scores(pose.scores),
        )
