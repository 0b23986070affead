"""Frame times and length of a video file, by one pass over its packets."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from ..utils.optional import find_module
from .video_capture import UprightCapture, open_capture

_SLACK = 1.0
"""A file that ends this much before its stated duration, s, is cut off."""


@dataclass(frozen=True)
class VideoScan:
    """What a pass over a file found.

    Attributes:
        count: Number of frames.
        times: Time of each frame from the first ``[N]``, s, rising; None if
            the container has none.
        stated: Number of frames by the header; None if it has none.
        truncated: The file ends before its last frame.
        has_audio: None if it is not known.
    """

    count: int
    times: np.ndarray | None
    stated: int | None
    truncated: bool
    has_audio: bool | None


def scan_video(video: Path) -> VideoScan:
    """Scan a file; the result is kept until the file changes.

    With PyAV the packets are read and not decoded. Without it, or if the
    file is cut off, OpenCV decodes all frames.

    Args:
        video: A file that OpenCV can open.

    Raises:
        InputError: If it cannot be opened.
    """
    stat = video.stat()
    return _scan(video.resolve(), stat.st_size, stat.st_mtime_ns)


@lru_cache(maxsize=64)
def _scan(video: Path, size: int, changed: int) -> VideoScan:
    del size, changed  # parts of the key
    library = find_module('av')
    found = None if library is None else _scan_packets(library, video)
    if found is not None and not found.truncated:
        return found
    with open_capture(video) as capture:
        return _scan_frames(capture, found)


def _scan_packets(av: ModuleType, video: Path) -> VideoScan | None:
    """Scan with PyAV; None if it cannot read the file."""
    times: list[float | None] = []
    end, broken = 0.0, False
    try:
        with av.open(str(video)) as container:
            stream = container.streams.video[0]
            streams = [stream, *container.streams.audio]
            try:
                for packet in container.demux(streams):
                    time, last = _packet_times(packet)
                    end = max(end, last)
                    if packet.stream is not stream or _is_end(packet):
                        continue
                    broken |= packet.is_corrupt
                    if packet.size and not packet.is_discard:
                        times.append(time)
            except av.error.FFmpegError:
                broken = True
            stated = stream.frames or None
            early = _stated_end(container) - end > _SLACK
    except (av.error.FFmpegError, IndexError):
        return None
    return VideoScan(
        count=len(times),
        times=_rising(times),
        stated=stated,
        truncated=broken or early,
        has_audio=len(streams) > 1,
    )


def _is_end(packet: Any) -> bool:
    """Whether it is PyAV's mark of the end and not of the file."""
    return not packet.size and packet.pts is None and packet.dts is None


def _packet_times(packet: Any) -> tuple[float | None, float]:
    """Time of a packet, if it has one, and that of its end, s."""
    stamp = packet.dts if packet.pts is None else packet.pts
    if stamp is None:
        return None, 0.0
    unit = float(packet.time_base)
    return stamp * unit, (stamp + (packet.duration or 0)) * unit


def _stated_end(container: Any) -> float:
    """Time at which the container's header says that the file ends, s."""
    if container.duration is None:
        return 0.0
    return ((container.start_time or 0) + container.duration) / 1e6


def _scan_frames(
    capture: UprightCapture, packets: VideoScan | None
) -> VideoScan:
    """Scan by decoding; what OpenCV cannot tell is taken from packets."""
    times: list[float | None] = []
    while capture.grab():
        times.append(capture.time())
    stated = capture.stated_count
    if packets is not None:
        truncated, has_audio = packets.truncated, packets.has_audio
    else:
        # The header's number counts frames that an AVI file leaves out.
        length = (stated or 0) / (capture.stated_fps or 1)
        end = max((time for time in times if time is not None), default=0.0)
        truncated, has_audio = length - end > _SLACK, None
    return VideoScan(len(times), _rising(times), stated, truncated, has_audio)


def _rising(times: list[float | None]) -> np.ndarray | None:
    """Times in order of showing, from 0; None if some are absent or equal."""
    known = [time for time in times if time is not None]
    if not known or len(known) < len(times):
        return None
    ordered = np.sort(np.asarray(known))
    ordered -= ordered[0]
    return ordered if (np.diff(ordered) > 0).all() else None
