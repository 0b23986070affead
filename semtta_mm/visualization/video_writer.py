"""Writes videos, a frame at a time."""

from __future__ import annotations

import warnings
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import Protocol

import cv2
import numpy as np

from ..utils import InputError
from ..utils.optional import extra, find_module

CODECS = ('h264', 'mp4v')


class FrameEncoder(Protocol):
    """What :class:`VideoWriter` needs of an encoder."""

    def write(self, image: np.ndarray, time: float | None) -> None:
        """Append a frame, at a time in s or after the one before."""

    def close(self) -> None:
        """Finish the file."""


class VideoWriter:
    """Context manager that writes H.264, as browsers play it.

    PyAV (extra ``video``) encodes. Without it OpenCV writes MPEG-4 part 2
    (mp4v) without sound, and a warning says so once.

    The size is that of the first frame. A frame of another size raises an
    error. H.264 needs even sides: an odd one gets one more column or row,
    which repeats the last. The file is written under a hidden name and gets
    its own when it is complete; after an error it is removed.

    Args:
        path: File ending in ``.mp4``; its folder is created if missing.
        fps: Frames per second of the file, not rounded.
        audio: A video whose sound is kept, if it has any.
        start: Time in ``audio`` of the first frame, s.
        codec: ``'h264'`` or ``'mp4v'``.

    Raises:
        ValueError: If the codec is unknown.

    Examples:
        >>> with VideoWriter('out.mp4', 29.97) as writer:  # doctest: +SKIP
        ...     writer.write(image)
    """

    def __init__(
        self,
        path: str | PathLike[str],
        fps: float,
        audio: Path | None = None,
        start: float = 0.0,
        codec: str = 'h264',
    ) -> None:
        if codec not in CODECS:
            raise ValueError(f'codec: is {codec!r}, choose from {CODECS}')
        self.path, self.fps, self.codec = Path(path), fps, codec
        self._audio, self._start = audio, start
        self._draft = self.path.with_name(f'.{self.path.name}')
        self._size: tuple[int, int] | None = None
        self._encoder: FrameEncoder | None = None

    def write(self, image: np.ndarray, time: float | None = None) -> None:
        """Append a frame.

        Args:
            image: ``[H, W, 3]``, BGR, uint8.
            time: When it is shown, s from the first frame, rising; None
                shows frames at the constant rate. Either all frames have a
                time or none. Without PyAV it is not used.

        Raises:
            InputError: If the file cannot be written or the size changes.
        """
        size = (image.shape[1], image.shape[0])
        if self._encoder is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._size, self._encoder = size, self._open(size)
        if size != self._size:
            raise InputError(
                self.path,
                'frame',
                f'is {size}, the video is {self._size} px',
                'give images of one size',
            )
        self._encoder.write(image, time)

    def _open(self, size: tuple[int, int]) -> FrameEncoder:
        library = find_module('av') if self.codec == 'h264' else None
        if library is not None:
            from .h264 import H264Encoder

            try:
                return H264Encoder(
                    library,
                    self._draft,
                    self.fps,
                    size,
                    self._audio,
                    self._start,
                )
            except (ValueError, OSError) as error:
                raise _unwritable(self.path) from error
        if self.codec == 'h264':
            command = extra('video')
            warnings.warn(
                'PyAV is not installed: videos are written as MPEG-4 part 2 '
                '(mp4v), which browsers do not play, and without sound. '
                f'Install it: {command}',
                stacklevel=3,
            )
        try:
            return OpenCVEncoder(self._draft, self.fps, size)
        except OSError as error:
            raise _unwritable(self.path) from error

    def close(self) -> None:
        """Finish the file."""
        if self._encoder is not None:
            encoder, self._encoder = self._encoder, None
            encoder.close()
            self._draft.replace(self.path)

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.close()
        elif self._encoder is not None:
            encoder, self._encoder = self._encoder, None
            encoder.close()
            self._draft.unlink(missing_ok=True)


class OpenCVEncoder:
    """MPEG-4 part 2 at a constant rate, without sound.

    Args:
        path: The file.
        fps: Frames per second.
        size: Width and height, px.

    Raises:
        OSError: If the file cannot be written.
    """

    def __init__(self, path: Path, fps: float, size: tuple[int, int]) -> None:
        code = cv2.VideoWriter.fourcc(*'mp4v')
        self._writer = cv2.VideoWriter(str(path), code, fps, size)
        if not self._writer.isOpened():
            raise OSError(f'{path} cannot be written')

    def write(self, image: np.ndarray, time: float | None) -> None:
        """See :meth:`FrameEncoder.write`; times are not used."""
        del time
        self._writer.write(image)

    def close(self) -> None:
        """Finish the file."""
        self._writer.release()


def _unwritable(path: Path) -> InputError:
    fix = 'give a path in .mp4, in a folder that can be written'
    return InputError(path, 'file', 'cannot be written', fix)
