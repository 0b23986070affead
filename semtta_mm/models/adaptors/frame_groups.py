"""Frames of a track as windows that do not overlap."""

from __future__ import annotations

import torch

from ...datasets.segments import UNKNOWN, Segments


def frame_groups(count: int, size: int = 1) -> Segments:
    """All frames in order, each in one group.

    For methods without a term over time: a group may span a gap.

    Args:
        count: Frames of the track.
        size: Frames of a group; the last may have fewer.

    Returns:
        The groups, as windows without labels.

    Raises:
        ValueError: If the size is below 1.
    """
    if size < 1:
        raise ValueError(f'frames of a group: 1 or more, got {size}')
    index = torch.arange(0, count, size)[:, None] + torch.arange(size)
    valid = index < count
    label = torch.full((len(index),), UNKNOWN)
    return Segments(index.clamp(max=count - 1), valid, label)
