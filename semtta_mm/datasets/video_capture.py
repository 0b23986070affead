"""Decoding of a video file, upright: the rotation flag is applied here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2
import numpy as np

from ..utils import InputError

FIX = 'give a video that OpenCV can read, or a folder of images'

_TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


class UprightCapture:
    """Frames of a video file, in order, as a player shows them.

    OpenCV's own handling of the flag differs between its versions and back
    ends, so it is switched off and frames are turned here.

    Attributes:
        rotation: Degrees clockwise by which decoded frames are turned: 0,
            90, 180 or 270.

    Args:
        video: The file, for messages.
        capture: Opened capture of the file.
    """

    def __init__(self, video: Path, capture: cv2.VideoCapture) -> None:
        self.video, self._capture = video, capture
        capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)
        turn = round(capture.get(cv2.CAP_PROP_ORIENTATION_META)) % 360
        self.rotation = turn if turn in _TURNS else 0

    @property
    def size(self) -> tuple[int, int]:
        """Width and height of the upright frames, px."""
        width = int(self._capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        height = int(self._capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        return (height, width) if self.rotation % 180 else (width, height)

    @property
    def stated_fps(self) -> float | None:
        """Frames per second by the container's header."""
        return float(self._capture.get(cv2.CAP_PROP_FPS)) or None

    @property
    def stated_count(self) -> int | None:
        """Number of frames by the container's header; maybe an estimate."""
        count = int(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        return count if count > 0 else None

    def grab(self) -> bool:
        """Go to the next frame; False at the end."""
        return bool(self._capture.grab())

    def time(self) -> float:
        """Time of the grabbed frame, s."""
        return float(self._capture.get(cv2.CAP_PROP_POS_MSEC)) / 1000

    def retrieve(self, number: int) -> np.ndarray:
        """The grabbed frame ``[H, W, 3]``, BGR, uint8.

        Args:
            number: Of the frame, for the message.

        Raises:
            InputError: If it cannot be decoded.
        """
        read, image = self._capture.retrieve()
        if not read:
            raise InputError(
                self.video,
                f'frame {number}',
                'cannot be decoded',
                'encode the video again',
            )
        if self.rotation:
            image = cv2.rotate(image, _TURNS[self.rotation])
        return image


@contextmanager
def open_capture(video: Path) -> Iterator[UprightCapture]:
    """Open a video file.

    Raises:
        InputError: If it is missing, or is no video.
    """
    if not video.is_file():
        raise InputError(video, 'video', 'does not exist', 'check the path')
    capture = cv2.VideoCapture(str(video))
    try:
        if not capture.isOpened():
            raise _unreadable(video)
        yield UprightCapture(video, capture)
    finally:
        capture.release()


def _unreadable(video: Path) -> InputError:
    with video.open('rb') as file:
        is_mp4 = file.read(12)[4:8] == b'ftyp'
    if is_mp4:
        return InputError(
            video,
            'video',
            'cannot be opened: an mp4 file that is damaged, or cut off '
            'before its index at the end',
            'copy or download it again, or repair it',
        )
    return InputError(video, 'video', 'cannot be opened', FIX)
