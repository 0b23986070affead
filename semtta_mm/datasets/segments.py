"""Windows of a track for alignment and smoothing (paper, Sec. 4.1)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .rates import contiguous_runs

UNKNOWN = -1
"""Label of a frame that has none."""


@dataclass(frozen=True)
class Segments:
    """Windows of consecutive frames.

    Note:
        - windows: N; frames of a window: T

    Attributes:
        index: Positions in the track ``[N, T]``; a short window repeats its
            last frame.
        valid: Which of them are frames of the window ``[N, T]``, bool.
        label: The one label of all frames ``[N]``, :data:`UNKNOWN` if they
            have several or one has none.
    """

    index: Tensor
    valid: Tensor
    label: Tensor

    def __len__(self) -> int:
        return len(self.index)

    def __getitem__(self, chosen: Tensor) -> Segments:
        return Segments(
            self.index[chosen], self.valid[chosen], self.label[chosen]
        )

    @property
    def labelled(self) -> Tensor:
        """Windows with one known label ``[N]``, bool."""
        return self.label != UNKNOWN


def find_segments(
    frame_ids: np.ndarray,
    length: int,
    labels: np.ndarray | None = None,
    stride: int = 1,
) -> Segments:
    """Windows that start at every frame; a shorter run is one window.

    Windows follow frame numbers: none contains a gap.

    Args:
        frame_ids: ``[T]``, strictly increasing.
        length: Frames of a window.
        labels: Label of each frame ``[T]``, :data:`UNKNOWN` for none; None
            if there are no labels.
        stride: Frame numbers from one sample to the next.

    Returns:
        The windows, in order of their first frames.

    Raises:
        ValueError: If the length is below 1 or there is no frame.
    """
    if length < 1 or not len(frame_ids):
        raise ValueError('segments: need a length above 0, and frames')
    starts, sizes = [], []
    for run in contiguous_runs(frame_ids, stride):
        count = run.stop - run.start
        firsts = range(run.start, max(run.stop - length, run.start) + 1)
        starts += list(firsts)
        sizes += [min(length, count)] * len(firsts)
    first = torch.tensor(starts)[:, None]
    size = torch.tensor(sizes)[:, None]
    step = torch.arange(length)[None]
    valid = step < size
    index = first + torch.minimum(step, size - 1)
    if labels is None:
        label = torch.full((len(index),), UNKNOWN)
    else:
        label = _one_label(torch.as_tensor(labels).long()[index])
    return Segments(index, valid, label)


def _one_label(labels: Tensor) -> Tensor:
    """The label of windows ``[N, T]`` that have one, else UNKNOWN ``[N]``."""
    same = (labels == labels[:, :1]).all(dim=1)
    return torch.where(same, labels[:, 0], UNKNOWN)
