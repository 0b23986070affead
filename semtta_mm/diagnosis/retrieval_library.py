"""All windows of labelled motions, with mirror, tempo and shift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..conventions import NUM_JOINTS
from ..geometry.resampling import MOTION_RATE
from ..models.motion_text import MotionDictionary, normalise
from ..models.motion_text.degrade import play
from ..models.motion_text.labels import has_side
from ..training_data.motion_clip import MotionClip, mirror_pose
from ..utils import InputError


@dataclass(frozen=True)
class LibraryOptions:
    """Which windows a library has.

    Attributes:
        frames: Frames of a window at 30 fps, T.
        shift: Frames from the start of a window to that of the next.
        tempos: Speeds at which each clip is played.
        mirrored: Whether each clip is mirrored too, unless its label names
            a side.
    """

    frames: int = 40
    shift: int = 8
    tempos: tuple[float, ...] = (0.87, 1.0, 1.15)
    mirrored: bool = True


@dataclass(frozen=True)
class MotionLibrary:
    """Windows of motions, stored once a clip.

    Note:
        - windows: M; frames of a window: T

    Attributes:
        motions: Played clips, each ``[N, 24, 3, 3]``, at 30 fps.
        motion: Number of each window's motion ``[M]``.
        start: Its first frame there ``[M]``.
        label: Row of the dictionary ``[M]``.
        frames: T.
    """

    motions: tuple[Tensor, ...]
    motion: Tensor
    start: Tensor
    label: Tensor
    frames: int

    def __len__(self) -> int:
        return len(self.label)

    def windows(self, rows: Tensor, step: int = 1) -> Tensor:
        """Rotations of some windows.

        Args:
            rows: Numbers of windows ``[B]``.
            step: Take every n-th frame.

        Returns:
            ``[B, T / step, 24, 3, 3]``.
        """
        parts = [
            self.motions[m][s : s + self.frames : step]
            for m, s in zip(
                self.motion[rows].tolist(),
                self.start[rows].tolist(),
                strict=True,
            )
        ]
        return torch.stack(parts)


def build_library(
    clips: Sequence[MotionClip],
    words: MotionDictionary,
    options: LibraryOptions,
) -> MotionLibrary:
    """Cut clips into all windows.

    Args:
        clips: Labelled motions; short ones that loop are repeated.
        words: Clips of labels that it lacks are left out.
        options: Which windows.

    Raises:
        InputError: If no clip is long enough.
    """
    motions: list[Tensor] = []
    rows: list[tuple[int, int, int]] = []
    for clip in clips:
        label = normalise(clip.label)
        if label not in words.labels:
            continue
        for pose in _played(clip, label, options):
            starts = range(0, len(pose) - options.frames + 1, options.shift)
            row = words.labels.index(label)
            rows += [(len(motions), start, row) for start in starts]
            motions.append(pose)
    if not rows:
        problem = f'no clip has {options.frames} frames'
        raise InputError('motions', 'length', problem, 'give longer clips')
    motion, start, label_of = torch.tensor(rows).unbind(1)
    return MotionLibrary(
        tuple(motions), motion, start, label_of, options.frames
    )


def _played(
    clip: MotionClip, label: str, options: LibraryOptions
) -> list[Tensor]:
    """The clip at all tempos, and mirrored; those that are long enough."""
    fastest = max(options.tempos)
    wanted = int(np.ceil(options.frames / MOTION_RATE * fastest * clip.fps))
    clip = clip.tiled(wanted + 1)
    sides = [clip.pose]
    if options.mirrored and not has_side(label):
        sides.append(mirror_pose(clip.pose))
    out = []
    for pose in sides:
        for tempo in options.tempos:
            step = clip.fps / MOTION_RATE * tempo
            at = torch.arange(0, len(pose) - 1 + 1e-6, step)
            if len(at) >= options.frames:
                flat = (
                    torch.from_numpy(pose)
                    .float()
                    .reshape(1, -1, NUM_JOINTS, 3, 3)
                )
                out.append(play(flat, at[None])[0])
    return out
