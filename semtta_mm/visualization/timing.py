"""When the frames of a drawn video are shown, and with which sound."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ..datasets.video import frame_times, video_info

_OTHER_RATE = 0.001
"""Relative difference above which a rate is not the video's."""


@dataclass(frozen=True)
class Timing:
    """Options of a :class:`.VideoWriter` and times of its frames.

    Attributes:
        fps: Frames per second.
        times: Time of each frame from the first ``[N]``, s; None for a
            constant rate.
        audio: The video whose sound is kept; None for silence.
        start: Time in it of the first frame, s.
    """

    fps: float
    times: np.ndarray | None = None
    audio: Path | None = None
    start: float = 0.0

    def at(self, i: int) -> float | None:
        """Time of a frame, s; None at a constant rate."""
        return None if self.times is None else float(self.times[i])


def timing(
    video: Path, frame_ids: np.ndarray, fps: float, step: int = 1
) -> Timing:
    """Keep the timing of a video for some of its frames.

    Args:
        video: Video file or folder of images.
        frame_ids: The frames ``[N]``, rising.
        fps: Frames per second that the numbers count.
        step: Numbers from one frame to the next.

    Returns:
        Without sound if it would not be in step: frames are left out
        between the others, or ``fps`` is not the video's.
    """
    rate = fps / step
    gaps = (np.diff(frame_ids) != step).any()
    if video.is_dir() or gaps or not len(frame_ids):
        return Timing(rate)
    info = video_info(video)
    if info.fps is not None and abs(fps / info.fps - 1) > _OTHER_RATE:
        return Timing(rate)
    known = frame_times(video)
    if known is None or frame_ids[-1] >= len(known):
        return Timing(rate, None, video, float(frame_ids[0]) / fps)
    chosen = known[frame_ids]
    start = float(chosen[0])
    times = chosen - start if info.variable_rate else None
    return Timing(rate, times, video, start)
