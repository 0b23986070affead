"""The data loader of one track: numbers of windows, nothing else."""

from __future__ import annotations

from torch.utils.data import DataLoader, Dataset

from ...datasets.segment_sampler import SegmentSampler
from ...datasets.segments import Segments


class WindowNumbers(Dataset[dict[str, int]]):
    """Numbers of windows; the adaptor holds what they stand for.

    Args:
        count: Windows of the track.
    """

    def __init__(self, count: int) -> None:
        self.metainfo: dict[str, str] = {}  # mmengine asks for it
        self.count = count

    def __len__(self) -> int:
        return self.count

    def __getitem__(self, index: int) -> dict[str, int]:
        return {'windows': index}


def window_loader(
    segments: Segments, options: dict, seed: int = 0
) -> DataLoader:
    """A loader that draws windows as :class:`SegmentSampler` does.

    Args:
        segments: Windows of the track.
        options: Of the sampler: ``batch_size``, ``passes_per_epoch``, ...
        seed: Of the draws.
    """
    sampler = SegmentSampler(segments, seed=seed, **options)
    return DataLoader(WindowNumbers(len(segments)), batch_sampler=sampler)
