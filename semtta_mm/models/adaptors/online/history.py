"""Frames that the motion term of an online method still needs."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import torch
from torch import Tensor

from ..batch import WindowBatch
from .step import PastFrames

_OF_FRAMES = (
    'inputs',
    'boxes',
    'keypoints',
    'weight',
    'target_pose',
    'target_betas',
    'target_valid',
    'frame',
    'intrinsics',
)
"""Parts of a batch with one row for each different frame."""


class FrameKey(NamedTuple):
    """Which frame of which track.

    Attributes:
        track: Name of the track.
        number: Frame number.
        stride: Frame numbers from one sample to the next.
    """

    track: str
    number: int
    stride: int = 1


class FrameHistory:
    """The last frames, as many as the interval and no more.

    Args:
        interval: Frames between the two frames of a pair; BOA's is 5.
        by_position: Pair by position in the order of the frames, across gaps
            and tracks, as BOA's code does; else by frame number.
    """

    def __init__(self, interval: int = 5, by_position: bool = False) -> None:
        if interval < 1:
            raise ValueError(f'interval: expected 1 or more, got {interval}')
        self.interval, self.by_position = interval, by_position
        self._kept: deque[tuple[FrameKey, WindowBatch]] = deque(
            maxlen=interval
        )

    def __len__(self) -> int:
        return len(self._kept)

    def clear(self) -> None:
        """Forget all frames."""
        self._kept.clear()

    def past_of(
        self, keys: Sequence[FrameKey], batch: WindowBatch
    ) -> PastFrames | None:
        """Earlier frames of a batch that is not in the history yet.

        Args:
            keys: Of the batch's frames ``[U]``.
            batch: The frames.

        Returns:
            None if no frame has one.
        """
        known = [*self._kept, *_single_frames(keys, batch)]
        start = len(self._kept)
        rows, found = [], []
        for row, key in enumerate(keys):
            past = self._partner(known, start + row, key)
            if past is not None and _alike(past, batch):
                rows.append(row)
                found.append(past)
        if not rows:
            return None
        index = torch.tensor(rows, device=batch.frame.device)
        return PastFrames(join_frames(found), index)

    def add(self, keys: Sequence[FrameKey], batch: WindowBatch) -> None:
        """Keep the frames of a batch, and drop what is older.

        Args:
            keys: Of the batch's frames ``[U]``.
            batch: The frames.
        """
        self._kept.extend(_single_frames(keys, batch))

    def _partner(
        self,
        known: Sequence[tuple[FrameKey, WindowBatch]],
        at: int,
        key: FrameKey,
    ) -> WindowBatch | None:
        if self.by_position:
            at -= self.interval
            return known[at][1] if at >= 0 else None
        wanted = key._replace(number=key.number - self.interval * key.stride)
        return next((frame for k, frame in known if k == wanted), None)


def join_frames(parts: Sequence[WindowBatch]) -> WindowBatch:
    """One batch of several, as one window.

    Args:
        parts: Of one convention; all with or all without intrinsics.
    """
    joined = {
        name: torch.cat([getattr(part, name) for part in parts])
        for name in _OF_FRAMES
        if getattr(parts[0], name) is not None
    }
    return _one_window(parts[0], joined)


def _single_frames(
    keys: Sequence[FrameKey], batch: WindowBatch
) -> list[tuple[FrameKey, WindowBatch]]:
    return [(key, _frame(batch, i)) for i, key in enumerate(keys)]


def _frame(batch: WindowBatch, row: int) -> WindowBatch:
    """One frame of a batch, copied, so that the batch itself can be freed."""
    values = {
        name: getattr(batch, name)[row : row + 1].clone()
        for name in _OF_FRAMES
        if getattr(batch, name) is not None
    }
    return _one_window(batch, values)


def _one_window(batch: WindowBatch, values: dict[str, Tensor]) -> WindowBatch:
    count, device = len(values['frame']), values['frame'].device
    changes: dict[str, Any] = dict(values)
    return replace(
        batch,
        **changes,
        order=torch.arange(count, device=device),
        valid=torch.ones(1, count, dtype=torch.bool, device=device),
        label=torch.full((1,), -1, device=device),
    )


def _alike(past: WindowBatch, batch: WindowBatch) -> bool:
    """Whether two frames can be compared: one convention, one camera."""
    same = (past.intrinsics is None) == (batch.intrinsics is None)
    return same and past.convention == batch.convention
