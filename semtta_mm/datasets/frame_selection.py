"""Which frames of a video or a track are used."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ..structures import PersonTrack
from ..utils import InputError

Position = str | float
"""A place in a video: seconds (``12.5``), a time (``'1:30'``,
``'00:01:30.5'``) or a frame (``'f120'``)."""

_FIX = 'write seconds (12.5), a time (00:01:30) or a frame (f120)'
_CLOCK = re.compile(r'(?:(\d+):)?(\d{1,2}):(\d{1,2}(?:\.\d*)?)')


@dataclass(frozen=True)
class FrameSelection:
    """A part of a video, and every how manieth frame of it.

    Attributes:
        start: First frame; None is the video's first.
        end: The frame behind the last one; None is the video's end.
        every: Take every n-th frame, counted from ``start``.
        max_frames: Most frames to take; None sets no limit.

    Raises:
        InputError: If a value is wrong.
    """

    start: Position | None = None
    end: Position | None = None
    every: int = 1
    max_frames: int | None = None

    def __post_init__(self) -> None:
        for name in ('start', 'end'):
            value = getattr(self, name)
            if value is not None:
                frame_number(value, 1.0, name)
        for name in ('every', 'max_frames'):
            value = getattr(self, name)
            if value is not None and value < 1:
                problem, fix = f'is {value}', 'use 1 or more'
                raise InputError('frames', name, problem, fix)

    @classmethod
    def of(
        cls, value: FrameSelection | Mapping[str, Any] | slice | None
    ) -> FrameSelection:
        """A selection from a config's entry or a slice of frame numbers.

        Args:
            value: A selection, its arguments, a slice or None (all frames).

        Raises:
            InputError: If it is wrong, or the slice counts from the end.
        """
        if isinstance(value, FrameSelection):
            return value
        if isinstance(value, slice):
            for part in (value.start, value.stop):
                if part is not None and part < 0:
                    problem, fix = f'{part} is negative', 'count from 0'
                    raise InputError('frames', 'slice', problem, fix)
            start, end = (
                None if part is None else f'f{part}'
                for part in (value.start, value.stop)
            )
            every = 1 if value.step is None else value.step
            return cls(start, end, every)
        return cls(**dict(value or {}))

    def config(self) -> dict[str, Any]:
        """The arguments that differ from the defaults, as plain data."""
        return {
            name: value
            for name, value in vars(self).items()
            if value != getattr(type(self), name)
        }

    def frames(self, fps: float) -> slice | None:
        """The frames as a slice; None if all are wanted.

        Args:
            fps: Frames per second of the video.

        Raises:
            InputError: If no frame is between start and end.
        """
        if not self.config():
            return None
        start = frame_number(self.start or 0.0, fps, 'start')
        stop = None
        if self.end is not None:
            stop = frame_number(self.end, fps, 'end')
            if stop <= start:
                problem = f'{self.end} is not behind start {self.start or 0}'
                raise InputError('frames', 'end', problem, _FIX)
        if self.max_frames is not None:
            limit = start + self.max_frames * self.every
            stop = limit if stop is None else min(stop, limit)
        return slice(start, stop, self.every)

    def apply(self, track: PersonTrack) -> PersonTrack:
        """The selected samples of a track.

        ``every`` counts the track's samples from the first one that is
        selected, ``start`` and ``end`` the frames of its video.

        Args:
            track: The track.

        Raises:
            InputError: If no sample is left.
        """
        wanted = replace(self, every=1, max_frames=None).frames(track.fps)
        kept = track.frame_ids >= 0
        if wanted is not None:
            kept &= track.frame_ids >= wanted.start
            if wanted.stop is not None:
                kept &= track.frame_ids < wanted.stop
        if kept.any():
            stride = track.stride * self.every
            place = track.frame_ids - track.frame_ids[kept][0]
            kept &= place % stride == 0
            if self.max_frames is not None:
                kept &= place < self.max_frames * stride
        if not kept.any():
            problem = (
                f'leave no frame of {track.name}, which has frames '
                f'{track.frame_ids[0]} to {track.frame_ids[-1]}'
            )
            raise InputError('frames', 'start, end', problem, _FIX)
        if kept.all() and self.every == 1:
            return track
        return replace(track[kept], stride=track.stride * self.every)


def frame_number(value: Position, fps: float, field: str = 'start') -> int:
    """The frame at a position, the nearest one to a time.

    Args:
        value: See :data:`Position`.
        fps: Frames per second.
        field: Name of the option, for the message.

    Raises:
        InputError: If it is no position.
    """
    text = str(value).strip()
    if re.fullmatch(r'f\d+', text):
        return int(text[1:])
    clock = _CLOCK.fullmatch(text)
    if clock:
        hours, minutes, rest = clock.groups()
        seconds = 3600 * int(hours or 0) + 60 * int(minutes) + float(rest)
        return round(seconds * fps)
    if re.fullmatch(r'(\d+\.?\d*|\.\d+)s?', text):
        return round(float(text.rstrip('s')) * fps)
    raise InputError('frames', field, f'{text!r} is no position', _FIX)
