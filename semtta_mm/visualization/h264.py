"""H.264 in mp4 with PyAV, with the sound of another video."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np

from .audio import AudioCopy

CLOCK = 90_000
"""Ticks a second of frames that have their own times."""

QUALITY = {'crf': '18', 'preset': 'veryfast'}
"""x264: nothing is lost to the eye; a fast preset."""

_BT601, _LIMITED = 6, 1
"""FFmpeg's numbers of the colour matrix and range that OpenCV reads."""


class H264Encoder:
    """Writes yuv420p frames that start to play before the file is loaded.

    Args:
        av: The module ``av``.
        path: The file; its suffix chooses the container.
        fps: Frames per second; with frame times, their mean.
        size: Width and height, px.
        audio: A video whose sound is kept, if it has any.
        start: Time in ``audio`` of the first frame, s.

    Raises:
        ValueError: If the suffix is of no container.
        OSError: If the file cannot be written.
    """

    def __init__(
        self,
        av: ModuleType,
        path: Path,
        fps: float,
        size: tuple[int, int],
        audio: Path | None = None,
        start: float = 0.0,
    ) -> None:
        self._av = av
        mp4 = path.suffix.lower() in ('.mp4', '.m4v', '.mov')
        options = {'movflags': '+faststart'} if mp4 else {}
        self._container = av.open(str(path), 'w', options=options)
        self._rate = Fraction(fps).limit_denominator(100_000)
        self._stream = self._container.add_stream(
            'libx264', rate=self._rate, options=QUALITY
        )
        context = self._stream.codec_context
        context.width, context.height = (side + side % 2 for side in size)
        context.pix_fmt = 'yuv420p'
        context.colorspace = _BT601
        context.color_primaries = context.color_trc = _BT601
        context.color_range = _LIMITED
        self._audio = AudioCopy.open(av, self._container, audio, start)
        self._count, self._last = 0, -1

    def write(self, image: np.ndarray, time: float | None) -> None:
        """Append a frame; see :meth:`.VideoWriter.write`."""
        right, below = image.shape[1] % 2, image.shape[0] % 2
        if right or below:
            image = cv2.copyMakeBorder(
                image, 0, below, 0, right, cv2.BORDER_REPLICATE
            )
        # Nearer to the original, and faster, than swscale's conversion.
        planes = cv2.cvtColor(image, cv2.COLOR_BGR2YUV_I420)
        frame = self._av.VideoFrame.from_ndarray(planes, format='yuv420p')
        if time is None:
            frame.pts, frame.time_base = self._count, 1 / self._rate
        else:
            if self._count == 0:
                self._stream.codec_context.time_base = Fraction(1, CLOCK)
            stamp = max(round(time * CLOCK), self._last + 1)
            frame.pts, frame.time_base = stamp, Fraction(1, CLOCK)
        self._count, self._last = self._count + 1, frame.pts
        self._mux(self._stream.encode(frame))
        self._audio.until(float(frame.pts * frame.time_base))

    def close(self) -> None:
        """Finish the file."""
        self._mux(self._stream.encode())
        self._audio.until(self._end())
        self._audio.close()
        self._container.close()

    def _end(self) -> float:
        """Time at which the last frame ends, s."""
        base = self._stream.codec_context.time_base
        return float(self._last * base) + float(1 / self._rate)

    def _mux(self, packets: list[Any]) -> None:
        for packet in packets:
            self._container.mux(packet)
