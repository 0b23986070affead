"""Fixed windows of labelled clips, to evaluate motion-text models."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from ..geometry.resampling import MOTION_RATE
from ..models.motion_text import MotionDictionary, normalise
from ..training_data import MotionClip
from ..training_data.action_windows import pad_window
from ..utils import InputError

MIN_FRAMES = 20


CMU_SOURCES = ('cmu', 'cmu_subjects')
"""Sources of the group ``'cmu'``."""


@dataclass(frozen=True)
class ActionWindows:
    """Windows at 30 fps.

    Attributes:
        pose: Rotation matrices ``[N, T, 24, 3, 3]``, y up.
        mask: ``[N, T]`` bool, True for valid frames.
        label: Rows of the dictionary ``[N]``.
        source: Source of each window's clip.
        unknown: Labels of clips that are not in the dictionary, with the
            number of their clips; they have no windows.
    """

    pose: Tensor
    mask: Tensor
    label: Tensor
    source: tuple[str, ...]
    unknown: dict[str, int]

    def rows(self, group: str | None) -> Tensor:
        """Indices of a group: ``'cmu'``, ``'open'`` or None for all."""
        chosen = [
            group is None or (source in CMU_SOURCES) == (group == 'cmu')
            for source in self.source
        ]
        return torch.tensor(chosen).nonzero()[:, 0]


def cut_windows(
    clips: Sequence[MotionClip],
    words: MotionDictionary,
    frames: int = 60,
    per_clip: int = 3,
    per_label: int = 12,
) -> ActionWindows:
    """Cut clips into windows, evenly spread over each clip.

    Args:
        clips: Motions at any rate; unlabelled ones are skipped.
        words: The dictionary.
        frames: Length of a window; shorter clips are padded.
        per_clip: Most windows of a clip; none overlap by more than half.
        per_label: Most windows of a label and source.

    Raises:
        InputError: If no window is left.
    """
    parts: list[tuple[Tensor, Tensor]] = []
    rows, sources = [], []
    count: Counter[tuple[str, str]] = Counter()
    unknown: Counter[str] = Counter()
    for clip in (c for c in clips if c.labelled):
        label = normalise(clip.label)
        if label not in words.labels:
            unknown[label] += 1
            continue
        for window in _windows(clip, frames, per_clip):
            key = label, clip.source
            if count[key] == per_label:
                break
            count[key] += 1
            parts.append(window)
            rows.append(words.labels.index(label))
            sources.append(clip.source)
    if not parts:
        fix = 'give motions of labels that are in the dictionary'
        raise InputError('motions', 'label', 'none can be measured', fix)
    pose, mask = (torch.stack(column) for column in zip(*parts, strict=True))
    return ActionWindows(
        pose, mask, torch.tensor(rows), tuple(sources), dict(unknown)
    )


def _windows(
    clip: MotionClip, frames: int, most: int
) -> list[tuple[Tensor, Tensor]]:
    if clip.seconds * MOTION_RATE < MIN_FRAMES:
        return []
    pose = clip.resampled(MOTION_RATE).pose
    spare = max(0, len(pose) - frames)
    count = min(most, 1 + spare // (frames // 2))
    starts = [round(spare * i / max(1, count - 1)) for i in range(count)]
    return [pad_window(pose[at : at + frames], frames) for at in starts]
