"""Time courses of procedural motions: seconds to [0, 1] or [-1, 1]."""

from __future__ import annotations

import numpy as np

from .style import Style


def cycle(
    style: Style, times: np.ndarray, slow: float, fast: float
) -> np.ndarray:
    """A periodic phase.

    Args:
        style: Source of its rate and phase.
        times: Seconds ``[T]``.
        slow: Lowest rate, Hz.
        fast: Highest rate, Hz.

    Returns:
        Phase ``[T]``, radians.
    """
    return 2 * np.pi * style(slow, fast) * times + style.phase()


def swell(phase: np.ndarray, hold: float = 0.0) -> np.ndarray:
    """Up and down once a cycle, 0 to 1.

    Args:
        phase: Radians ``[T]``.
        hold: Share of the cycle at the ends: 0 is a sine, 1 almost a step.
    """
    steep = 1 + 5 * hold
    wave = np.tanh(-steep * np.cos(phase)) / np.tanh(steep)
    return (wave + 1) / 2


def bumps(phase: np.ndarray, power: float = 2.0) -> np.ndarray:
    """A lift in the first half of each cycle, rest in the second, 0 to 1."""
    return np.clip(np.sin(phase), 0, None) ** power


def rise(times: np.ndarray, start: float, length: float) -> np.ndarray:
    """Smooth step from 0 to 1."""
    at = np.clip((times - start) / max(length, 1e-6), 0, 1)
    return at * at * (3 - 2 * at)


def wander(style: Style, times: np.ndarray, rate: float) -> np.ndarray:
    """Slow random motion, about -1 to 1.

    Args:
        style: Source of its waves.
        times: Seconds ``[T]``.
        rate: Typical frequency, Hz.
    """
    out = np.zeros_like(times)
    for scale in (0.6, 1.0, 1.7):
        speed = rate * scale * style(0.8, 1.2)
        wave = np.sin(2 * np.pi * speed * times + style.phase())
        out += wave / scale**0.5
    return out / 2.2
