"""A level floor under a track."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from ..datasets.rates import contiguous_runs

_SHARE = 5.0
"""Percentage of frames that may be below the floor before they are lifted."""

_SECONDS = 0.2
"""A lift begins and ends within this time, s."""


def floor_height(lowest: NDArray[Any]) -> float:
    """Height of the floor.

    A low percentile, not the minimum: one frame with a wrong depth must not
    leave the person in the air in all others.

    Args:
        lowest: Height of each frame's lowest vertex ``[T]``, m.

    Returns:
        m.
    """
    return float(np.percentile(lowest, _SHARE))


def lift_to_floor(
    lowest: NDArray[Any], frame_ids: NDArray[Any], fps: float, stride: int
) -> NDArray[Any]:
    """Vertical offsets that put a track on the floor of height 0.

    All frames move by the floor's height. Frames that are still below the
    floor are lifted, their neighbours a little, so that the trajectory stays
    continuous: the running maximum of the depths below it, smoothed over the
    same window, is at no frame less than its own depth.

    Args:
        lowest: Height of each frame's lowest vertex ``[T]``, m.
        frame_ids: Frame numbers ``[T]``.
        fps: Frames per second that they count.
        stride: Frames from one sample to the next.

    Returns:
        To add to each height ``[T]``, m; afterwards none is below 0.
    """
    below = np.maximum(floor_height(lowest) - lowest, 0)
    size = 2 * max(round(_SECONDS * fps / stride), 1) + 1
    lift = np.empty_like(below)
    for run in contiguous_runs(frame_ids, stride):
        most = maximum_filter1d(below[run], size, mode='nearest')
        lift[run] = uniform_filter1d(most, size, mode='nearest')
    # The filter's running sum rounds; the bound holds exactly.
    raised: NDArray[Any] = np.maximum(lift, below) - floor_height(lowest)
    return raised
