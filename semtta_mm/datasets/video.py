"""Frames of a video file or an image folder, by number, in one pass."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from ..utils import InputError

IMAGE_SUFFIXES = ('.bmp', '.jpeg', '.jpg', '.png', '.tif', '.tiff', '.webp')
_FIX = 'give a video that OpenCV can read, or a folder of images'


@dataclass(frozen=True)
class VideoInfo:
    """Size, rate and length of a video.

    Attributes:
        width: px, as shown (a phone's rotation is applied).
        height: px, as shown.
        fps: Frames per second; None for a folder of images.
        frame_count: Frames; for a video file the container's number, which
            may be a few off.
    """

    width: int
    height: int
    fps: float | None
    frame_count: int


def natural_key(name: str) -> list[tuple[int, str]]:
    """Sort key under which ``img2`` comes before ``img10``."""
    parts = re.split(r'(\d+)', name)
    return [
        (int(part), '') if part.isdigit() else (-1, part) for part in parts
    ]


def last_number(name: str) -> int | None:
    """The last group of digits in a file name without its suffix."""
    groups = re.findall(r'\d+', name)
    return int(groups[-1]) if groups else None


def list_images(folder: Path) -> list[Path]:
    """Images of a folder in natural order.

    Raises:
        InputError: If the folder is missing or has no image.
    """
    if not folder.is_dir():
        raise InputError(folder, 'folder', 'does not exist', _FIX)
    images = [
        path
        for path in folder.iterdir()
        if path.suffix.lower() in IMAGE_SUFFIXES
    ]
    if not images:
        raise InputError(folder, 'folder', 'has no image', _FIX)
    return sorted(images, key=lambda path: natural_key(path.name))


def numbered_images(folder: Path, numbering: str) -> dict[int, Path]:
    """Frame number to image.

    Args:
        folder: Folder of images.
        numbering: ``'position'`` or ``'name'``, see
            :class:`~semtta_mm.structures.PersonTrack`.

    Raises:
        InputError: If names must be numbers and are not, or repeat.
    """
    images = list_images(folder)
    if numbering == 'position':
        return dict(enumerate(images))
    numbered: dict[int, Path] = {}
    for path in images:
        number = last_number(path.stem)
        fix = "rename it, or use numbering='position'"
        if number is None:
            raise InputError(path, 'file name', 'has no number', fix)
        if number in numbered:
            problem = f'has the same number as {numbered[number].name}'
            raise InputError(path, 'file name', problem, fix)
        numbered[number] = path
    return numbered


def video_info(video: Path) -> VideoInfo:
    """Size, rate and length of a video file or an image folder.

    Raises:
        InputError: If it is missing or cannot be read.
    """
    if video.is_dir():
        images = list_images(video)
        height, width = _read_image(images[0]).shape[:2]
        return VideoInfo(width, height, None, len(images))
    with _opened(video) as capture:
        return VideoInfo(
            int(capture.get(cv2.CAP_PROP_FRAME_WIDTH)),
            int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT)),
            float(capture.get(cv2.CAP_PROP_FPS)) or None,
            int(capture.get(cv2.CAP_PROP_FRAME_COUNT)),
        )


def read_frames(
    video: Path, frame_ids: np.ndarray, numbering: str = 'position'
) -> Iterator[tuple[int, np.ndarray]]:
    """Decode some frames in one pass from the start.

    Frames are counted, never sought: seeking in a compressed video can give
    another frame. Frames that are not requested are not converted.

    Args:
        video: Video file or folder of images.
        frame_ids: Requested numbers, in any order, repeated or not.
        numbering: How a folder's images are counted.

    Yields:
        Frame number and image ``[H, W, 3]``, BGR, uint8, in rising order.

    Raises:
        InputError: If the video lacks a frame; names it and the number of
            frames.
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
        yield number, _read_image(images[number])


def _read_video(
    video: Path, wanted: list[int]
) -> Iterator[tuple[int, np.ndarray]]:
    with _opened(video) as capture:
        position = 0
        for number in wanted:
            while position <= number:
                if not capture.grab():
                    raise _no_such_frame(video, number, position)
                position += 1
            read, image = capture.retrieve()
            if not read:
                raise InputError(
                    video, f'frame {number}', 'cannot be decoded', _FIX
                )
            yield number, image


@contextmanager
def _opened(video: Path) -> Iterator[cv2.VideoCapture]:
    if not video.is_file():
        raise InputError(video, 'video', 'does not exist', 'check the path')
    capture = cv2.VideoCapture(str(video))
    try:
        if not capture.isOpened():
            raise InputError(video, 'video', 'cannot be opened', _FIX)
        yield capture
    finally:
        capture.release()


def _read_image(path: Path) -> np.ndarray:
    image = cv2.imread(str(path), cv2.IMREAD_COLOR)
    if image is None:
        raise InputError(path, 'image', 'cannot be read', _FIX)
    return image


def _no_such_frame(video: Path, number: int, count: int) -> InputError:
    return InputError(
        video,
        f'frame {number}',
        f'does not exist, the video has {count} frames',
        'give the complete video that the keypoints were detected in',
    )
