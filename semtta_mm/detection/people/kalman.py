"""Boxes that move with constant velocity: a Kalman filter."""

from __future__ import annotations

import numpy as np

POSITION_NOISE = 0.05
"""Standard deviation of a detected side, over the box's height."""
SPEED_NOISE = 0.6
"""Change of speed in a second, in heights of the box per second."""
FIRST_SPEED = 1.5
"""Standard deviation of an unknown speed, in heights per second."""


class BoxFilter:
    """Centre, size and their speeds of one person.

    The four numbers of a box (centre x, y, width, height) are independent
    and share their variances, so the covariance is one ``[2, 2]`` matrix.

    Args:
        box: First box ``[4]`` (x1, y1, x2, y2), px.
    """

    def __init__(self, box: np.ndarray) -> None:
        self._mean = np.stack([_parts(box), np.zeros(4)])
        height = self._mean[0, 3]
        self._cov = np.diag([POSITION_NOISE, FIRST_SPEED]) ** 2 * height**2

    @property
    def box(self) -> np.ndarray:
        """Estimate ``[4]`` (x1, y1, x2, y2), px."""
        centre, size = self._mean[0, :2], np.maximum(self._mean[0, 2:], 1)
        return np.concatenate([centre - size / 2, centre + size / 2])

    @property
    def spread(self) -> float:
        """Standard deviation of the centre, px."""
        return float(np.sqrt(self._cov[0, 0]))

    def predict(self, seconds: float) -> None:
        """Move on in time; sizes keep their last estimate.

        Args:
            seconds: Since the last call.
        """
        move = np.array([[1, seconds], [0, 1]])
        self._mean = move @ self._mean
        noise = (SPEED_NOISE * max(self._mean[0, 3], 1)) ** 2 * seconds
        growth = np.array([[seconds**2 / 3, seconds / 2], [seconds / 2, 1.0]])
        self._cov = move @ self._cov @ move.T + noise * growth

    def update(self, box: np.ndarray) -> None:
        """Use a detected box ``[4]``."""
        parts = _parts(box)
        noise = (POSITION_NOISE * parts[3]) ** 2
        gain = self._cov[:, 0] / (self._cov[0, 0] + noise)
        self._mean += gain[:, None] * (parts - self._mean[0])
        self._cov -= np.outer(gain, self._cov[0])


def _parts(box: np.ndarray) -> np.ndarray:
    """Centre x, y, width, height of a box ``[4]``."""
    size = box[2:] - box[:2]
    return np.concatenate([box[:2] + size / 2, size]).astype(float)
