"""Windows of a track, and images of the person in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ...datasets.rates import contiguous_runs
from ...datasets.video import read_frames
from ...structures import PersonTrack
from ...utils import InputError

Array = NDArray[Any]

_MARGIN = 0.25
"""Of the longer side of the box, around it."""

_QUALITY = 85


@dataclass(frozen=True)
class Window:
    """Frames that get one label.

    Attributes:
        start: First frame number.
        end: Frame number after the last.
        samples: Positions in the track of the frames that are shown.
        seconds: From the first to the last frame.
    """

    start: int
    end: int
    samples: tuple[int, ...]
    seconds: float


def track_windows(
    track: PersonTrack, seconds: float, count: int
) -> list[Window]:
    """Cut a track into windows of about equal length.

    Args:
        track: The track; a window does not reach over a gap.
        seconds: Longest duration of a window, s.
        count: Frames that are shown of each.
    """
    windows = []
    for run in contiguous_runs(track.frame_ids, track.stride):
        frames = run.stop - run.start
        parts = max(1, int(np.ceil(frames / (seconds * track.rate))))
        edges = np.linspace(run.start, run.stop, parts + 1).round().astype(int)
        for first, stop in zip(edges, edges[1:], strict=False):
            at = np.linspace(first, stop - 1, min(count, stop - first))
            windows.append(
                Window(
                    start=int(track.frame_ids[first]),
                    end=int(track.frame_ids[stop - 1]) + 1,
                    samples=tuple(np.unique(at.round().astype(int)).tolist()),
                    seconds=float((stop - first) / track.rate),
                )
            )
    return windows


def window_images(
    track: PersonTrack, windows: Sequence[Window], size: int
) -> list[tuple[bytes, ...]]:
    """JPEG files of the person in each window, in one pass of the video.

    Args:
        track: The track.
        windows: Of :func:`track_windows`.
        size: Longer side of an image, px; smaller ones are not enlarged.

    Raises:
        InputError: If the track has no video, or the video lacks a frame.
    """
    if track.video is None:
        fix = 'give the video of the track, or labels (--labels, --text)'
        raise InputError(track.name, 'video', 'is absent', fix)
    wanted = sorted({at for window in windows for at in window.samples})
    position = {int(track.frame_ids[at]): at for at in wanted}
    images = {}
    numbers = track.frame_ids[wanted]
    for number, image in read_frames(track.video, numbers, track.numbering):
        at = position[number]
        images[at] = person_image(image, track.boxes[at], size)
    return [tuple(images[at] for at in w.samples) for w in windows]


def person_image(image: Array, box: Array, size: int) -> bytes:
    """A JPEG file of the person and its surroundings.

    Args:
        image: ``[H, W, 3]``, BGR, uint8.
        box: ``[4]`` (x1, y1, x2, y2), px.
        size: See :func:`window_images`.
    """
    height, width = image.shape[:2]
    margin = _MARGIN * float((box[2:] - box[:2]).max())
    low = np.clip(np.floor(box[:2] - margin), 0, [width - 1, height - 1])
    high = np.clip(np.ceil(box[2:] + margin), low + 1, [width, height])
    (x1, y1), (x2, y2) = low.astype(int), high.astype(int)
    part = image[y1:y2, x1:x2]
    scale = size / max(part.shape[:2])
    if scale < 1:
        part = cv2.resize(
            part, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA
        )
    done, data = cv2.imencode(
        '.jpg', part, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY]
    )
    if not done:
        raise ValueError(f'image: cannot be encoded, shape {part.shape}')
    return data.tobytes()
