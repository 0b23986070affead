"""Draws the 2D evidence of tracks on their video."""

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import cv2
import numpy as np

from ..datasets.video import read_frames
from ..structures import PersonTrack
from ..utils import InputError
from .keypoints import draw_keypoints
from .timing import timing
from .video_writer import VideoWriter


def write_track_video(
    tracks: Sequence[PersonTrack], path: str | PathLike[str]
) -> Path:
    """Draw all tracks of one video, from their first frame to their last.

    Frames in a gap are written without a skeleton, so the timing is kept. If
    all tracks skip frames, the video has their lower rate. Sound is kept.

    Args:
        tracks: Tracks of the same video.
        path: The mp4 to write.

    Returns:
        The file written.

    Raises:
        InputError: If the video is absent or lacks a frame.
    """
    video, first = tracks[0].video, tracks[0]
    if video is None:
        raise InputError(first.name, 'video', 'is not given', 'give video=...')
    present = np.unique(np.concatenate([t.frame_ids for t in tracks]))
    step = max(int(np.gcd.reduce(np.diff(present))), 1)
    shown = shown_frames(video, present, step, first.numbering)
    clock = timing(video, shown, first.fps, step)
    images = read_frames(video, shown, first.numbering)
    with VideoWriter(path, clock.fps, clock.audio, clock.start) as writer:
        for i, (number, image) in enumerate(images):
            for track in tracks:
                image = draw_track(image, track, number)
            writer.write(image, clock.at(i))
    return Path(path)


def draw_track(
    image: np.ndarray,
    track: PersonTrack,
    frame: int,
    filled: np.ndarray | None = None,
) -> np.ndarray:
    """Draw a track's box, name and keypoints if it has the frame.

    Args:
        image: ``[H, W, 3]``, BGR, uint8; not changed.
        track: The track.
        frame: Frame number of the image.
        filled: Filled-in keypoints of the track ``[T, K]``, bool; they have
            their own colour.

    Returns:
        The image, or a copy with the person.
    """
    found = np.flatnonzero(track.frame_ids == frame)
    if not len(found):
        return image
    t = int(found[0])
    canvas = draw_keypoints(
        image,
        track.keypoints[t],
        track.scores[t] > 0,
        track.convention,
        None if filled is None else filled[t],
    )
    x1, y1, x2, y2 = track.boxes[t].round().astype(int).tolist()
    white = (255, 255, 255)
    cv2.rectangle(canvas, (x1, y1), (x2, y2), white, 1, cv2.LINE_AA)
    origin = (x1, max(y1 - 6, 14))
    for colour, width in (((20, 20, 20), 4), (white, 1)):
        cv2.putText(
            canvas,
            track.name,
            origin,
            cv2.FONT_HERSHEY_SIMPLEX,
            0.6,
            colour,
            width,
            cv2.LINE_AA,
        )
    return canvas


def shown_frames(
    video: Path, present: np.ndarray, step: int, numbering: str
) -> np.ndarray:
    """Frames from the first to the last, also those in gaps.

    Args:
        video: Video file or folder of images.
        present: Frames with a person, rising.
        step: Numbers from one frame to the next.
        numbering: Of a folder; images numbered by name may be missing in a
            gap, so only those present are shown.
    """
    if video.is_dir() and numbering == 'name':
        return present
    return np.arange(present[0], present[-1] + 1, step)
