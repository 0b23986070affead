"""Frames of a video file or an image folder, by number, in one pass."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from ..utils import InputError
from .image_folder import (
    IMAGE_SUFFIXES,
    last_number,
    list_images,
    natural_key,
    numbered_images,
    read_image,
)
from .video_capture import open_capture
from .video_info import VideoInfo, frame_times, video_info, video_notes

__all__ = [
    'IMAGE_SUFFIXES',
    'VideoInfo',
    'frame_times',
    'last_number',
    'list_images',
    'natural_key',
    'numbered_images',
    'read_frames',
    'video_info',
    'video_notes',
]


def read_frames(
    video: Path, frame_ids: np.ndarray, numbering: str = 'position'
) -> Iterator[tuple[int, np.ndarray]]:
    """Decode some frames in one pass from the start.

    Frames are counted without seeking, which is inaccurate in compressed
    videos. Other frames are grabbed but not converted.

    Args:
        video: Video file or folder of images.
        frame_ids: Wanted numbers, in any order, repeated or not.
        numbering: How a folder's images are counted.

    Yields:
        Frame number and image ``[H, W, 3]``, BGR, uint8, in rising order.

    Raises:
        InputError: If the video lacks a frame; the message has the frame
            and the length of the video.
    """
    wanted = np.unique(np.asarray(frame_ids, np.int64)).tolist()
    if wanted and wanted[0] < 0:
        raise InputError(
            video, f'frame {wanted[0]}', 'is negative', 'count from 0'
        )
    if video.is_dir():
        yield from _read_folder(video, wanted, numbering)
    else:
        yield from _read_video(video, wanted)


def _read_folder(
    folder: Path, wanted: list[int], numbering: str
) -> Iterator[tuple[int, np.ndarray]]:
    images = numbered_images(folder, numbering)
    for number in wanted:
        if number not in images:
            raise _no_such_frame(folder, number, len(images))
        yield number, read_image(images[number])


def _read_video(
    video: Path, wanted: list[int]
) -> Iterator[tuple[int, np.ndarray]]:
    with open_capture(video) as capture:
        position = 0
        for number in wanted:
            while position <= number:
                if not capture.grab():
                    raise _no_such_frame(video, number, position)
                position += 1
            yield number, capture.retrieve(number)


def _no_such_frame(video: Path, number: int, count: int) -> InputError:
    return InputError(
        video,
        f'frame {number}',
        f'is missing, the video has {count} frames',
        'give the complete video that the keypoints were detected in',
    )
