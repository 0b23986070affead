"""Draws every frame of a track once an epoch, as CycleAdapt does."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.data import Sampler

from ..registry import DATA_SAMPLERS
from .segments import Segments


def cover(segments: Segments, generator: torch.Generator) -> Tensor:
    """Choose as few windows as possible that contain every frame.

    Args:
        segments: Windows of a track, one for every start.
        generator: Of the places where a run is cut.

    Returns:
        Numbers of windows, in order. Windows of one frame are all chosen.
        Of longer ones the first and the last of a run are fixed, those
        between begin at random; a frame is in one of them or in two.
    """
    first = segments.index[:, 0]
    last = segments.index.max(dim=1).values
    starts = torch.ones(len(segments), dtype=torch.bool)
    starts[1:] = first[1:] > last[:-1]  # windows of one run overlap
    bounds = [*torch.nonzero(starts)[:, 0].tolist(), len(segments)]
    length = segments.index.shape[1]
    chosen: list[int] = []
    for begin, end in zip(bounds[:-1], bounds[1:], strict=True):
        frames = int(last[end - 1] - first[begin]) + 1
        offsets = _offsets(frames, length, generator)
        chosen += [begin + offset for offset in offsets]
    return torch.tensor(chosen)


def _offsets(
    frames: int, length: int, generator: torch.Generator
) -> list[int]:
    """First frames of windows that cover a run."""
    count = -(-frames // length)
    if count == 1:
        return [0]
    least = frames - length * (count - 1)
    draw = torch.randint(least, length + 1, (1,), generator=generator)
    more = [int(draw) + k * length for k in range(count - 1)]
    return [0, *(min(offset, frames - length) for offset in more)]


@DATA_SAMPLERS.register_module()
class CoverSampler(Sampler[list[int]]):
    """Draws batches that contain every frame once an epoch, shuffled.

    With windows of one frame (``window_frames=0``) these are CycleAdapt's
    batches. With longer windows, which losses on motions need, a track is
    cut into the least number of windows, where possible at other places in
    each epoch.

    Args:
        segments: The windows of the track.
        batch_size: Windows of a step; CycleAdapt's is 32 frames.
        min_steps_per_epoch: Smallest number of steps of an epoch, for short
            tracks: all frames are drawn again until it is reached.
            CycleAdapt's is 1.
        seed: Seed of the draws.

    Raises:
        ValueError: If the batch size is below 1.
    """

    def __init__(
        self,
        segments: Segments,
        batch_size: int = 32,
        min_steps_per_epoch: int = 1,
        seed: int = 0,
    ) -> None:
        if batch_size < 1:
            raise ValueError('CoverSampler: batch_size must be positive')
        self.segments = segments
        self.batch_size = batch_size
        self.generator = torch.Generator().manual_seed(seed)
        count = len(cover(segments, torch.Generator()))
        self.steps = -(-count // batch_size)
        self.passes = max(1, -(-min_steps_per_epoch // self.steps))

    @property
    def sampler(self) -> CoverSampler:
        """This sampler; mmengine's seed hook reads this attribute."""
        return self

    def __len__(self) -> int:
        return self.steps * self.passes

    def __iter__(self) -> Iterator[list[int]]:
        for _ in range(self.passes):
            windows = cover(self.segments, self.generator)
            order = torch.randperm(len(windows), generator=self.generator)
            for part in windows[order].split(self.batch_size):
                yield part.tolist()
