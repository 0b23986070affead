"""Frames of a video up to its actual end."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import numpy as np

from ..datasets import VideoInfo, read_frames
from ..datasets.video_capture import open_capture
from ..utils import InputError

IMAGE_RATE = 30.0
"""Frames per second of a folder of images whose rate is not given."""
_RATE_FIX = (
    'give the frames per second: --fps 25 on the command line, fps=25 in '
    "Python or in the reader's config"
)


def checked_slice(frames: slice | None) -> range:
    """Frame numbers of a slice, for a video of unknown length.

    Raises:
        InputError: If the slice is empty or counts from the end.
    """
    start, stop, step = 0, None, 1
    if frames is not None:
        start = 0 if frames.start is None else frames.start
        stop = frames.stop
        step = 1 if frames.step is None else frames.step
    end = np.iinfo(np.int64).max if stop is None else stop
    if start < 0 or step < 1 or end <= start:
        raise InputError(
            'frames',
            f'{start}:{"" if stop is None else stop}:{step}',
            'is not a rising range of frame numbers',
            'count from 0, with a positive step',
        )
    return range(start, int(end), step)


def frame_rate(video: Path, info: VideoInfo, fps: float | None) -> float:
    """The given rate, or else the video's.

    Args:
        video: Video file or folder of images.
        info: Of this video.
        fps: The given rate; None takes the video's, and
            :data:`IMAGE_RATE` for a folder of images.

    Raises:
        InputError: If both are missing, or the given one is not positive.
    """
    rate = info.fps if fps is None else fps
    if rate is None and video.is_dir():
        rate = IMAGE_RATE
    if rate is None or not rate > 0:
        problem = f'is {rate}'
        if rate is None and video.is_dir():
            problem += ': a folder of images has no frame rate'
        raise InputError(video, 'fps', problem, _RATE_FIX)
    return float(rate)


def rate_note(video: Path, fps: float | None) -> str | None:
    """A line for the user where a rate is assumed; else None.

    Args:
        video: Video file or folder of images.
        fps: The given rate, if any.
    """
    if fps is not None or not video.is_dir():
        return None
    return (
        f'A folder of images has no frame rate: {IMAGE_RATE:g} frames/s is '
        f'taken. Give another with fps (--fps F).'
    )


def iterate_frames(
    video: Path, frames: range, info: VideoInfo
) -> Iterator[tuple[int, np.ndarray]]:
    """Decode frames in one pass.

    A container's number of frames may be wrong by a few, so a file is read
    until decoding ends.

    Args:
        video: Video file or folder of images.
        frames: Wanted numbers; those beyond the end are left out.
        info: Size, rate and length of this video.

    Yields:
        Frame number and image ``[H, W, 3]``, BGR, uint8.

    Raises:
        InputError: If an image or a frame cannot be read.
    """
    if video.is_dir():
        within = range(frames.start, min(frames.stop, info.frame_count))
        yield from read_frames(video, np.array(within[:: frames.step]))
    else:
        yield from _decode(video, frames)


def _decode(video: Path, frames: range) -> Iterator[tuple[int, np.ndarray]]:
    with open_capture(video) as capture:
        for number in count():
            if number >= frames.stop or not capture.grab():
                return
            if number in frames:
                yield number, capture.retrieve(number)
