"""Which keypoints of a training window are missing."""

from __future__ import annotations

from enum import IntEnum

import torch
from torch import Tensor

from ....conventions import keypoint_names
from ...lifters import CONVENTION


class Pattern(IntEnum):
    """Where keypoints of a window are missing."""

    NONE = 0
    RANDOM = 1
    LEGS = 2
    BLOCK = 3
    PART = 4
    BORDER = 5


_SHARES = (0.18, 0.16, 0.24, 0.14, 0.14, 0.14)
_LOWER = ('knee', 'ankle', 'heel', 'big_toe', 'small_toe')
_FACE = ('nose', 'eye', 'ear')


def keypoints_of(*words: str, side: str = '') -> Tensor:
    """Keypoints whose names end in one of some words ``[K]``, bool.

    Args:
        *words: Ends of names; none: all keypoints.
        side: ``'left'`` or ``'right'`` for those of one side.
    """
    return torch.tensor(
        [
            (name.endswith(words) if words else True) and name.startswith(side)
            for name in keypoint_names(CONVENTION)
        ]
    )


def draw_patterns(count: int) -> Tensor:
    """A :class:`Pattern` for each window ``[B]``."""
    return torch.multinomial(torch.tensor(_SHARES), count, replacement=True)


def is_occlusion(pattern: Tensor) -> Tensor:
    """Patterns in which the picture does not show the missing parts ``[B]``.

    Args:
        pattern: :class:`Pattern` of each window ``[B]``.
    """
    return torch.isin(
        pattern, torch.tensor([Pattern.LEGS, Pattern.PART, Pattern.BORDER])
    )


def draw_missing(pattern: Tensor, points: Tensor) -> Tensor:
    """Draw the missing keypoints of each window.

    Args:
        pattern: :class:`Pattern` of each window ``[B]``.
        points: True keypoints ``[B, T, K, 2]``; the lower image border of
            :attr:`Pattern.BORDER` is at a height of them.

    Returns:
        ``[B, T, K]``, bool, on the CPU.
    """
    points = points.cpu()
    draw = {
        Pattern.NONE: lambda xy: torch.zeros(xy.shape[:2], dtype=torch.bool),
        Pattern.RANDOM: _random,
        Pattern.LEGS: _legs,
        Pattern.BLOCK: lambda xy: (
            _when(len(xy), 0.13, 0.85)[:, None] & keypoints_of()
        ),
        Pattern.PART: _part,
        Pattern.BORDER: _border,
    }
    out = torch.stack(
        [
            draw[Pattern(int(kind))](xy)
            for kind, xy in zip(pattern, points, strict=True)
        ]
    )
    # Some detectors have no small toes.
    out |= _chance(0.15, len(out))[:, None, None] & keypoints_of('small_toe')
    return out


def _random(points: Tensor) -> Tensor:
    share = 0.05 + 0.45 * torch.rand(())
    return torch.rand(points.shape[:2]) < share


def _legs(points: Tensor) -> Tensor:
    """Legs, in most windows all the time; often also hands for a while."""
    frames = len(points)
    part = keypoints_of(*_LOWER)
    if torch.rand(()) < 0.25:
        part = part | keypoints_of('hip')
    whole = torch.rand(()) < 0.7
    when = torch.ones(frames, dtype=torch.bool)
    when = when if whole else _when(frames, 0.33, 1.0)
    out = when[:, None] & part
    if torch.rand(()) < 0.4:
        hands = _when(frames, 0.1, 1.0)[:, None] & keypoints_of('wrist')
        out |= hands
    return out


def _part(points: Tensor) -> Tensor:
    """One part of the body, in half of the windows all the time."""
    frames = len(points)
    side = 'left' if torch.rand(()) < 0.5 else 'right'
    parts = (
        keypoints_of(*_LOWER, side=side),
        keypoints_of('elbow', 'wrist'),
        keypoints_of('elbow', 'wrist', side=side),
        keypoints_of(*_FACE),
        keypoints_of(side=side) & ~keypoints_of(*_FACE),
        keypoints_of('ankle', 'heel', 'big_toe', 'small_toe'),
    )
    part = parts[int(torch.randint(len(parts), ()))]
    whole = torch.rand(()) < 0.5
    when = torch.ones(frames, dtype=torch.bool)
    when = when if whole else _when(frames, 0.15, 1.0)
    return when[:, None] & part


def _border(points: Tensor) -> Tensor:
    """All that is below a line of the image, or beside it."""
    axis = 1 if torch.rand(()) < 0.75 else 0
    along = points[..., axis]
    low, high = along.min(), along.max()
    line = low + (high - low) * (0.35 + 0.5 * torch.rand(()))
    if axis == 0 and torch.rand(()) < 0.5:
        return along < low + high - line
    return along > line


def _when(frames: int, least: float, most: float) -> Tensor:
    """Consecutive frames ``[T]``, bool; they may begin before the first."""
    length = frames * (least + (most - least) * torch.rand(()))
    start = (frames + length) * torch.rand(()) - length
    at = torch.arange(frames)
    return (at >= start) & (at < start + length)


def _chance(share: float, count: int) -> Tensor:
    return torch.rand(count) < share
