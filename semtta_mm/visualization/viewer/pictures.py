"""What a page shows of the video: the video itself, or JPEG frames."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...datasets.video import read_frames, video_info
from ...utils import InputError

HEIGHT = 480
"""Largest height of JPEG frames, px."""
MAX_FRAMES = 600
"""Largest number of JPEG frames; of more, every second, third, ... is kept."""
MAX_VIDEO = 40_000_000
"""Largest video that goes into a page, bytes."""

_QUALITY = 80
_LATE = 0.4
"""Largest distance of a frame from its time, in frames."""
_TYPES = {'.mp4': 'video/mp4', '.m4v': 'video/mp4', '.webm': 'video/webm'}
_CODECS = {'avc1', 'h264', 'vp80', 'vp90', 'av01'}
_KINDS = ('auto', 'frames', 'video', 'file', 'none')


@dataclass(frozen=True)
class Pictures:
    """Pictures of a video, ready for a page.

    Attributes:
        kind: ``'frames'`` or ``'video'``.
        image_size: Width and height of the video, px.
        content: Base64 of each JPEG, or of the video; empty for a file
            beside the page.
        settings: What the page's script needs.
        file: Video to be copied beside the page; None if it is inside.
    """

    kind: str
    image_size: tuple[int, int]
    content: Sequence[str]
    settings: dict[str, Any] = field(default_factory=dict)
    file: Path | None = None


def choose_pictures(
    video: Path,
    frame_ids: NDArray[Any],
    kind: str = 'auto',
    numbering: str = 'position',
) -> Pictures | None:
    """Pictures of a video.

    Args:
        video: Video file or folder of images.
        frame_ids: Frames of all tracks, increasing ``[T]``.
        kind: ``'frames'``: JPEG images, which any browser shows, each at its
            exact number. ``'video'``: the file inside the page. ``'file'``:
            the file beside the page. ``'none'``. ``'auto'`` takes the video
            if browsers play it, it is small and its frames are equally far
            apart in time, else frames.
        numbering: How a folder's images are counted.

    Returns:
        The pictures; None for ``'none'``.

    Raises:
        InputError: If the video cannot be read or lacks a frame; with
            ``'video'`` and ``'file'`` also if browsers do not play its codec
            or its frame rate varies.
    """
    if kind not in _KINDS:
        raise ValueError(f'kind: one of {_KINDS}, got {kind!r}')
    if kind == 'none':
        return None
    if kind == 'auto':
        fits = browsers_play(video) and video.stat().st_size <= MAX_VIDEO
        even = fits and has_even_times(video)
        kind = 'video' if even else 'frames'
    elif kind in ('video', 'file'):
        _check_playable(video)
    if kind == 'frames':
        return jpeg_frames(video, frame_ids, numbering=numbering)
    info = video_info(video)
    size = (info.width, info.height)
    settings = {
        'kind': 'video',
        'type': _TYPES[video.suffix.lower()],
        'fps': info.fps,
    }
    if kind == 'file':
        return Pictures('video', size, (), settings, video)
    content = base64.b64encode(video.read_bytes()).decode()
    return Pictures('video', size, (content,), settings)


def _check_playable(video: Path) -> None:
    if not browsers_play(video):
        fix = 'convert it to H.264 in .mp4, or show frames'
        raise InputError(video, 'codec', 'is not played by browsers', fix)
    if not has_even_times(video):
        problem = 'vary: a browser cannot find a frame by its number'
        raise InputError(video, 'times of frames', problem, 'show frames')


def jpeg_frames(
    video: Path,
    frame_ids: NDArray[Any],
    height: int = HEIGHT,
    most: int = MAX_FRAMES,
    numbering: str = 'position',
) -> Pictures:
    """Frames of a video as JPEG images.

    Args:
        video: Video file or folder of images.
        frame_ids: Wanted frames, increasing ``[T]``.
        height: Larger images are scaled down to this, px.
        most: Largest number of images.
        numbering: How a folder's images are counted.

    Raises:
        InputError: If the video cannot be read or lacks a frame.
    """
    step = -(-len(frame_ids) // most)
    kept = frame_ids[::step]
    size, small, content = (0, 0), (0, 0), []
    for _, image in read_frames(video, kept, numbering):
        size = (image.shape[1], image.shape[0])
        scale = min(1.0, height / size[1])
        small = (round(size[0] * scale), round(size[1] * scale))
        image = cv2.resize(image, small, interpolation=cv2.INTER_AREA)
        content.append(_jpeg(image))
    settings = {'kind': 'frames', 'size': small, 'frames': kept.tolist()}
    return Pictures('frames', size, content, settings)


def browsers_play(video: Path) -> bool:
    """Whether the usual browsers play a file, by its suffix and codec."""
    if not video.is_file() or video.suffix.lower() not in _TYPES:
        return False
    capture = cv2.VideoCapture(str(video))
    code = int(capture.get(cv2.CAP_PROP_FOURCC))
    capture.release()
    name = code.to_bytes(4, 'little').decode('ascii', 'replace')
    return name.lower() in _CODECS


def has_even_times(video: Path) -> bool:
    """Whether each frame is at its number divided by the frame rate.

    Decodes the whole file. A browser can only be asked for a time.

    Args:
        video: Video file.
    """
    capture = cv2.VideoCapture(str(video))
    rate, times = capture.get(cv2.CAP_PROP_FPS), []
    while capture.grab():
        times.append(capture.get(cv2.CAP_PROP_POS_MSEC) / 1000)
    capture.release()
    off = np.asarray(times) * rate - np.arange(len(times))
    return bool(len(times) and (np.abs(off) < _LATE).all())


def _jpeg(image: np.ndarray) -> str:
    options = [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    written, content = cv2.imencode('.jpg', image, options)
    assert written
    return base64.b64encode(content.tobytes()).decode()
