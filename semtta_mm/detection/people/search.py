"""Searches a video for people, and follows them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np

from ...datasets import read_frames, video_info
from ...datasets.video import VideoInfo
from ...utils import InputError
from ..base import Progress
from ..cache import cache_key
from ..frames import checked_slice, frame_rate, iterate_frames
from .base import FoundPeople, PersonDetector
from .colours import colour_histograms
from .result import TrackedPeople, load_people, save_people
from .tracking import FrameBoxes, TrackerOptions, track_boxes

Tiles = int | Literal['auto']

SAMPLES = 5
"""Frames by which ``'auto'`` chooses the tiles."""
GAIN = 1.5
"""Factor of people that tiles must find: they take five times as long."""
SMALL = 1 / 6
"""People shorter than this share of the image's longer side are small."""


@dataclass(frozen=True)
class SearchOptions:
    """How a video is searched.

    Attributes:
        rate: Searched frames per second; boxes between them are
            interpolated.
        tiles: Tiles along each side, besides the whole image. ``'auto'``
            takes 2 if the people in a few frames are small, or none is
            found, and tiles find more of them; else 1.
        tracker: Values of the tracker.
    """

    rate: float = 10.0
    tiles: Tiles = 'auto'
    tracker: TrackerOptions = field(default_factory=TrackerOptions)


def search_people(
    video: Path,
    detector: PersonDetector,
    options: SearchOptions | None = None,
    progress: Progress | None = None,
    fps: float | None = None,
    frames: slice | None = None,
) -> TrackedPeople:
    """Find and follow all people of a video.

    Args:
        video: Video file or folder of images.
        detector: Finds people in an image.
        options: How to search.
        progress: Called after each searched frame.
        fps: Frames per second; None takes the video's.
        frames: Frames to process, as a slice of the video; None is all.

    Returns:
        The people in the order of appearance. They are candidates: see
        :mod:`.evidence`.

    Raises:
        InputError: If the video is missing or unreadable, or its rate is
            unknown.
    """
    options = options or SearchOptions()
    info, wanted = video_info(video), checked_slice(frames)
    rate = frame_rate(video, info, fps)
    step = wanted.step * max(1, round(rate / wanted.step / options.rate))
    tiles = _tiles(
        video, info, detector, options.tiles, options.tracker.certain
    )
    found: dict[int, FoundPeople] = {}
    boxes: list[FrameBoxes] = []
    end = min(wanted.stop, info.frame_count)
    total = len(range(wanted.start, end, step))
    for number, image in _sampled(video, info, wanted, step):
        people = detector.find(image, tiles)
        found[number] = people
        colours = colour_histograms(image, people.boxes)
        boxes.append(FrameBoxes(number, people.boxes, people.scores, colours))
        if progress is not None:
            progress(len(found), max(total, len(found)))
    if not found:
        problem = f'start at {wanted.start}, the video has {info.frame_count}'
        fix = 'choose frames within the video'
        raise InputError(video, 'frames', problem, fix)
    return _joined(found, boxes, rate, (info.width, info.height), options)


def search_cached(
    video: Path,
    detector: PersonDetector,
    folder: Path,
    options: SearchOptions | None = None,
    progress: Progress | None = None,
    fps: float | None = None,
    frames: slice | None = None,
) -> TrackedPeople:
    """:func:`search_people`, or an earlier result with the same settings.

    Args:
        video: See :func:`search_people`.
        detector: Not run if the result exists.
        folder: Folder of the cache, with files ``{video}_people_{key}.npz``.
        options: See :func:`search_people`.
        progress: See :func:`search_people`.
        fps: See :func:`search_people`.
        frames: See :func:`search_people`.
    """
    options = options or SearchOptions()
    settings = {
        'search': asdict(options),
        'detector': dict(detector.settings()),
    }
    key = cache_key(video, settings, frames, fps)
    path = folder / f'{video.stem}_people_{key[:16]}.npz'
    if path.is_file():
        return load_people(path, key)
    result = search_people(video, detector, options, progress, fps, frames)
    save_people(path, result, key)
    return result


def _sampled(
    video: Path, info: VideoInfo, wanted: range, step: int
) -> Iterator[tuple[int, np.ndarray]]:
    """A frame every ``step``, and the last one."""
    last: tuple[int, np.ndarray] | None = None
    for number, image in iterate_frames(video, wanted, info):
        if (number - wanted.start) % step == 0:
            last = None
            yield number, image
        else:
            last = (number, image)
    if last is not None:
        yield last


def _tiles(
    video: Path,
    info: VideoInfo,
    detector: PersonDetector,
    tiles: Tiles,
    certain: float,
) -> int:
    """Number of tiles along each side."""
    if tiles != 'auto':
        return tiles
    # Containers may list a few frames too many.
    end = max(int(0.9 * info.frame_count), 1)
    wanted = np.unique(np.linspace(0, end - 1, SAMPLES).astype(int))
    images = [image for _, image in read_frames(video, wanted)]
    whole = [detector.find(image) for image in images]
    boxes = np.concatenate([people.boxes for people in whole])
    heights = boxes[:, 3] - boxes[:, 1]
    small = SMALL * max(info.width, info.height)
    if len(heights) and np.median(heights) >= small:
        return 1
    tiled = [detector.find(image, 2) for image in images]
    more = _certain(tiled, certain) >= GAIN * max(_certain(whole, certain), 1)
    return 2 if more else 1


def _certain(found: list[FoundPeople], score: float) -> int:
    """Number of people with at least a score."""
    return sum(int((people.scores >= score).sum()) for people in found)


def _joined(
    found: dict[int, FoundPeople],
    boxes: list[FrameBoxes],
    fps: float,
    size: tuple[int, int],
    options: SearchOptions,
) -> TrackedPeople:
    """Track, and stack the detections of all people."""
    rows = [
        (person, frame, row)
        for person, track in enumerate(
            track_boxes(boxes, fps, options.tracker)
        )
        for frame, row in zip(track.frames, track.rows, strict=True)
    ]

    def stack(name: str, *shape: int) -> np.ndarray:
        values = [getattr(found[f], name)[row] for _, f, row in rows]
        return np.array(values, np.float32).reshape(-1, *shape)

    return TrackedPeople(
        fps=fps,
        image_size=size,
        searched=np.array(list(found), np.int64),
        people=np.array([p for p, *_ in rows], np.int64),
        frame_ids=np.array([f for _, f, _ in rows], np.int64),
        boxes=stack('boxes', 4),
        scores=stack('scores'),
        keypoints=stack('keypoints', 17, 2),
        keypoint_scores=stack('keypoint_scores', 17),
    )
