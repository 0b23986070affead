"""Writes mp4 without a display and without the ffmpeg command."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from types import TracebackType

import cv2
import numpy as np

from ..utils import InputError


class VideoWriter:
    """Context manager around ``cv2.VideoWriter`` (mp4v).

    The size is that of the first frame. Frames of another size raise an
    error: OpenCV would drop them silently.

    Args:
        path: File ending in ``.mp4``; its folder is created.
        fps: Frames per second, kept as given.

    Examples:
        >>> with VideoWriter('out.mp4', 29.97) as writer:  # doctest: +SKIP
        ...     writer.write(image)
    """

    def __init__(self, path: str | PathLike[str], fps: float) -> None:
        self.path, self.fps = Path(path), fps
        self._size: tuple[int, int] | None = None
        self._writer: cv2.VideoWriter | None = None

    def write(self, image: np.ndarray) -> None:
        """Append a frame.

        Args:
            image: ``[H, W, 3]``, BGR, uint8.

        Raises:
            InputError: If the file cannot be written or the size changes.
        """
        size = (image.shape[1], image.shape[0])
        if self._writer is None:
            self._size, self._writer = size, self._open(size)
        if size != self._size:
            raise InputError(
                self.path,
                'frame',
                f'is {size}, the video is {self._size} px',
                'give images of one size',
            )
        self._writer.write(image)

    def _open(self, size: tuple[int, int]) -> cv2.VideoWriter:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        code = cv2.VideoWriter.fourcc(*'mp4v')
        writer = cv2.VideoWriter(str(self.path), code, self.fps, size)
        if not writer.isOpened():
            raise InputError(
                self.path, 'file', 'cannot be written', 'give a path in .mp4'
            )
        return writer

    def close(self) -> None:
        """Finish the file."""
        if self._writer is not None:
            self._writer.release()
            self._writer = None

    def __enter__(self) -> VideoWriter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
