"""Draws the windows of an epoch (paper, Sec. 4.1)."""

from __future__ import annotations

import math
from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset, Sampler

from ..registry import DATA_SAMPLERS
from ..utils import InputError
from .segments import Segments


@DATA_SAMPLERS.register_module()
class SegmentSampler(Sampler[list[int]]):
    """Draws batches of windows; a low similarity to the text is preferred.

    A labelled window is drawn with weight ``1 - sim``, as the paper states.
    A window without a single label has the mean weight, so that every frame
    can be drawn. Weights are updated once an epoch.

    Args:
        segments: The windows of the track.
        batch_size: Windows of a step; the paper's is 4.
        passes_per_epoch: Mean number of times that a frame is used in an
            epoch. Not stated in the paper; 2 is inferred from its timing.
        min_steps_per_epoch: Smallest number of steps of an epoch, for tracks
            of a few windows.
        floor: Smallest weight, of a window with similarity 1.
        seed: Seed of the draws.
    """

    def __init__(
        self,
        segments: Segments,
        batch_size: int = 4,
        passes_per_epoch: float = 2.0,
        min_steps_per_epoch: int = 1,
        floor: float = 0.05,
        seed: int = 0,
    ) -> None:
        if batch_size < 1 or not passes_per_epoch > 0:
            raise ValueError(
                'SegmentSampler: batch_size and passes_per_epoch must be '
                'positive'
            )
        self.segments = segments
        self.batch_size = batch_size
        self.floor = floor
        self.weights = torch.ones(len(segments))
        self.generator = torch.Generator().manual_seed(seed)
        frames = int(segments.index.max()) + 1
        length = segments.index.shape[1]
        wanted = math.ceil(passes_per_epoch * frames / length)
        steps = math.ceil(wanted / batch_size)
        self.count = max(wanted, 1)
        self.steps = max(steps, min_steps_per_epoch, 1)
        if steps < self.steps:
            self.count = self.steps * batch_size

    @property
    def sampler(self) -> SegmentSampler:
        """This sampler; mmengine's seed hook reads this attribute."""
        return self

    def reweight(self, similarity: Tensor) -> None:
        """Set the weights for the next epoch.

        Args:
            similarity: Cosine of each window with its text ``[N]``; ignored
                where the window has no label.
        """
        labelled = self.segments.labelled
        weight = (1 - similarity).clamp(min=self.floor)
        rest = weight[labelled].mean() if labelled.any() else torch.ones(())
        self.weights = torch.where(labelled, weight, rest)

    def __len__(self) -> int:
        return self.steps

    def __iter__(self) -> Iterator[list[int]]:
        chosen = self._draw().tolist()
        for start in range(0, len(chosen), self.batch_size):
            yield chosen[start : start + self.batch_size]

    def _draw(self) -> Tensor:
        """Windows, repeated only after all others were drawn."""
        parts = []
        left = self.count
        while left > 0:
            count = min(left, len(self.segments))
            parts.append(
                torch.multinomial(
                    self.weights, count, generator=self.generator
                )
            )
            left -= count
        return torch.cat(parts)


class WindowNumbers(Dataset[dict[str, int]]):
    """Indices of windows; the adaptor's session has their content.

    Args:
        count: Number of windows of the track.
    """

    def __init__(self, count: int) -> None:
        self.metainfo: dict[str, str] = {}  # required by mmengine
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> dict[str, int]:
        return {'windows': index}


def window_loader(
    segments: Segments, options: dict, seed: int = 0
) -> DataLoader:
    """Data loader of one track.

    Args:
        segments: Windows of the track.
        options: ``sampler``, the type of a batch sampler, by default
            :class:`SegmentSampler`, and its options: ``batch_size``,
            ``passes_per_epoch``, ...
        seed: Seed of the draws.

    Raises:
        InputError: If there is no sampler of that name.
    """
    given = dict(options)
    kind = given.pop('sampler', 'SegmentSampler')
    # `build` would look in the default scope, which may be mmengine's.
    found = DATA_SAMPLERS.get(kind)
    if found is None:
        fix = "use 'SegmentSampler' or a registered batch sampler"
        raise InputError('train_dataloader', 'sampler', f'no {kind!r}', fix)
    sampler = found(segments=segments, seed=seed, **given)
    return DataLoader(WindowNumbers(len(segments)), batch_sampler=sampler)
