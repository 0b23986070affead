"""Facts about a video, and plain sentences on what is unusual in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .image_folder import list_images, read_image
from .video_capture import open_capture
from .video_scan import scan_video


@dataclass(frozen=True)
class VideoInfo:
    """Size, rate and length of a video.

    Frames are counted in the order in which they are shown, whatever their
    times are.

    Attributes:
        width: px, after the rotation of the metadata (phones).
        height: px, after the rotation of the metadata.
        fps: Frames per second: the header's if the frame times agree with
            it within half a frame, else the mean of the times; None for a
            folder of images.
        frame_count: Number of frames, counted; not the header's.
        rotation: Degrees clockwise by which frames are turned.
        variable_rate: Whether times differ from those of a constant rate by
            more than half a frame.
        time_error: Largest such difference, s.
        truncated: Whether a file ends before its last frame.
        has_audio: None if it is not known (without PyAV).
        stated_count: Number of frames by the header, if it has one.
        stated_fps: Rate by the header, if it has one.
    """

    width: int
    height: int
    fps: float | None
    frame_count: int
    rotation: int = 0
    variable_rate: bool = False
    time_error: float = 0.0
    truncated: bool = False
    has_audio: bool | None = None
    stated_count: int | None = None
    stated_fps: float | None = None


def video_info(video: Path) -> VideoInfo:
    """Size, rate and length of a video file or an image folder.

    A file is read once from start to end; the result is kept until it
    changes.

    Raises:
        InputError: If it is missing or cannot be read.
    """
    if video.is_dir():
        images = list_images(video)
        height, width = read_image(images[0]).shape[:2]
        return VideoInfo(width, height, None, len(images), has_audio=False)
    with open_capture(video) as capture:
        width, height = capture.size
        stated, rotation = capture.stated_fps, capture.rotation
    scan = scan_video(video)
    fps, variable, error = measured_rate(scan.times, stated)
    return VideoInfo(
        width,
        height,
        fps,
        scan.count,
        rotation=rotation,
        variable_rate=variable,
        time_error=error,
        truncated=scan.truncated,
        has_audio=scan.has_audio,
        stated_count=scan.stated,
        stated_fps=stated,
    )


def frame_times(video: Path) -> np.ndarray | None:
    """Time of each frame from the first ``[N]``, s.

    Args:
        video: Video file or folder of images.

    Returns:
        None for a folder, or if the container has no times.
    """
    return None if video.is_dir() else scan_video(video).times


def measured_rate(
    times: np.ndarray | None, stated: float | None
) -> tuple[float | None, bool, float]:
    """The rate that fits frame times.

    Args:
        times: Frame times ``[N]``, s, rising; None if unknown.
        stated: Frames per second by the header.

    Returns:
        Frames per second, whether they vary, and the largest distance of a
        frame from its time at that rate, s.
    """
    if times is None or len(times) < 2:
        return stated, False, 0.0
    mean = (len(times) - 1) / float(times[-1] - times[0])
    for rate in (stated, mean):
        if rate is not None and (error := _error(times, rate)) * rate <= 0.5:
            return rate, False, error
    return mean, True, _error(times, mean)


def _error(times: np.ndarray, rate: float) -> float:
    """Largest distance from an even grid of free offset, s."""
    return float(np.ptp(times - np.arange(len(times)) / rate)) / 2


def video_notes(info: VideoInfo) -> list[str]:
    """What a user should know about a video, one sentence a fact.

    Args:
        info: Of the video.

    Returns:
        Nothing for an ordinary video.
    """
    notes = []
    if info.rotation:
        notes.append(
            f'The file is marked as rotated: its frames are turned by '
            f'{info.rotation} degrees clockwise, to {info.width} x '
            f'{info.height} px.'
        )
    if info.truncated:
        of = f' of {info.stated_count}' if info.stated_count else ''
        notes.append(
            f'The file is cut off: {info.frame_count}{of} frames can be '
            f'read, and only these are used.'
        )
    if info.variable_rate:
        notes.append(
            f'The frame rate varies: frames are counted as they are decoded, '
            f'and motion is timed with the mean rate of {info.fps:.4g} '
            f'frames/s, which is off by up to {info.time_error:.2g} s. For a '
            f'constant rate: ffmpeg -i VIDEO -vf fps=30 NEW.mp4'
        )
    elif info.stated_fps and info.fps and info.fps != info.stated_fps:
        notes.append(
            f'The file states {info.stated_fps:.4g} frames/s, the times of '
            f'its frames give {info.fps:.4g}: the latter is used.'
        )
    return notes
