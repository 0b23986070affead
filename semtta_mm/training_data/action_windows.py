"""Windows of labelled motion, to train and evaluate motion-text models."""

from __future__ import annotations

from collections import defaultdict
from os import PathLike

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import Dataset

from ..datasets.segments import UNKNOWN
from ..geometry.resampling import MOTION_RATE
from ..models.motion_text.degrade import play
from ..models.motion_text.dictionary_file import read_dictionary
from ..models.motion_text.labels import has_side, normalise
from ..registry import DATASETS
from ..utils import InputError
from .motion_clip import MotionClip, mirror_pose
from .motion_set import read_motion_set
from .pose_noise import PoseNoise

MAX_SPEED = 1.15
"""Motion is played between this and its inverse times its own speed."""


@DATASETS.register_module()
class ActionWindowDataset(Dataset):
    """Windows with the row of their label, all labels equally often.

    Items cycle through the labels that have motion. Source (a capture set
    or generated), clip, start, speed, length, mirror and heading are drawn
    for each item. Unlabelled clips are skipped unless requested.

    Args:
        path: File of ``semtta make-motions``.
        dictionary: File of the dictionary, or ``'open'``.
        windows: Items of an epoch.
        frames: Length T of a window at ``fps``; shorter clips are padded.
        fps: Frames per second.
        min_frames: Fewest frames of a window; shorter clips are left out.
        cut: Share of windows that are cut to a random length.
        known_only: Whether clips with a label that is not in the dictionary
            are left out instead of refused.
        unlabelled: Share of windows of unlabelled clips, whose row is -1.
        part: ``(k, n)`` takes every n-th clip of a label and source, from
            the k-th on; n trainings on different k share no clip.
        noise: Options of :class:`PoseNoise`, which makes motions look
            predicted; None adds none.

    Raises:
        InputError: If a file is bad, a label of the motions is not in the
            dictionary, or no clip is long enough.
    """

    def __init__(
        self,
        path: str | PathLike[str],
        dictionary: str | PathLike[str] = 'open',
        windows: int = 3200,
        frames: int = 60,
        fps: float = MOTION_RATE,
        min_frames: int = 20,
        cut: float = 0.3,
        known_only: bool = False,
        unlabelled: float = 0.0,
        part: tuple[int, int] = (0, 1),
        noise: dict[str, float] | None = None,
    ) -> None:
        self.windows, self.frames, self.fps = windows, frames, fps
        self.min_frames, self.cut = min_frames, cut
        labels = read_dictionary(dictionary).labels
        long = [
            clip
            for clip in read_motion_set(path)
            if clip.seconds * fps > min_frames
        ]
        self.noise = None if noise is None else PoseNoise(**noise)
        if known_only:
            long = [c for c in long if normalise(c.label) in {'', *labels}]
        self._clips = by_label_and_source(
            clips_of_part([c for c in long if c.labelled], *part)
        )
        self.unlabelled = unlabelled
        self._others = [clip for clip in long if not clip.labelled]
        if unlabelled and not self._others:
            raise InputError(
                path,
                'label',
                'no unlabelled clip is long enough',
                'set unlabelled=0',
            )
        for label in sorted(set(self._clips) - set(labels)):
            raise InputError(
                path,
                'label',
                f'{label!r} is not in the dictionary',
                'build one from these motions: semtta build-dictionary',
            )
        if not self._clips:
            problem = f'no labelled clip has more than {min_frames} frames'
            raise InputError(path, 'length', problem, 'give longer clips')
        self._rows = [labels.index(label) for label in self._clips]

    def __len__(self) -> int:
        return self.windows

    def __getitem__(self, index: int) -> dict[str, Tensor]:
        """One window.

        Returns:
            ``pose`` ``[T, 24, 3, 3]``, ``mask`` ``[T]`` bool (False where
            padded) and ``label``, a row of the dictionary.
        """
        if not 0 <= index < len(self):
            raise IndexError(f'{index} of {len(self)} windows')
        place = index % len(self._rows)
        label, sources = list(self._clips.items())[place]
        # torch's generator is what mmengine seeds for each worker.
        rng = np.random.default_rng(int(torch.randint(2**62, ())))
        if self.unlabelled and rng.random() < self.unlabelled:
            clip = self._others[rng.integers(len(self._others))]
            return self._item(clip, '', UNKNOWN, rng)
        clips = sources[list(sources)[rng.integers(len(sources))]]
        clip = clips[rng.integers(len(clips))]
        return self._item(clip, label, self._rows[place], rng)

    def _item(
        self, clip: MotionClip, label: str, row: int, rng: np.random.Generator
    ) -> dict[str, Tensor]:
        pose = self._draw(clip, rng)
        if rng.random() < 0.5 and not has_side(label):
            pose = mirror_pose(pose)
        if self.noise is not None:
            pose = self.noise(pose, rng)
        pose[:, 0] = heading(rng.uniform(-np.pi, np.pi)) @ pose[:, 0]
        padded, mask = pad_window(pose, self.frames)
        return {
            'pose': padded,
            'mask': mask,
            'label': torch.tensor(row),
        }

    def _draw(self, clip: MotionClip, rng: np.random.Generator) -> np.ndarray:
        """Poses ``[N, 24, 3, 3]`` at a random place, speed and length."""
        speed = MAX_SPEED ** rng.uniform(-1, 1)
        last = (len(clip) - 1) / clip.fps
        longest = min(self.frames, int(last / speed * self.fps) + 1)
        count = longest
        if rng.random() < self.cut and longest > self.min_frames:
            count = int(rng.integers(self.min_frames, longest + 1))
        start = rng.random() * (last - (count - 1) / self.fps * speed)
        at = start + np.arange(count) / self.fps * speed
        positions = torch.from_numpy(at * clip.fps)[None]
        return play(torch.from_numpy(clip.pose)[None], positions)[0].numpy()


def by_label_and_source(
    clips: list[MotionClip],
) -> dict[str, dict[str, list[MotionClip]]]:
    """Clips by normalised label, then by source."""
    groups: dict[str, dict[str, list[MotionClip]]] = {}
    for clip in clips:
        sources = groups.setdefault(normalise(clip.label), defaultdict(list))
        sources[clip.source].append(clip)
    return groups


def clips_of_part(
    clips: list[MotionClip], first: int, step: int
) -> list[MotionClip]:
    """Every n-th clip of each label and source.

    Args:
        clips: In any order; their names decide.
        first: Number of the first clip.
        step: Clips from one to the next; 1 takes all.
    """
    groups = by_label_and_source(sorted(clips, key=lambda clip: clip.name))
    return [
        clip
        for sources in groups.values()
        for same in sources.values()
        for clip in same[first::step]
    ]


def heading(yaw: float) -> np.ndarray:
    """Rotation about the vertical (y) by ``yaw``, radians, ``[3, 3]``."""
    cos, sin = np.cos(yaw), np.sin(yaw)
    return np.array([[cos, 0, sin], [0, 1, 0], [-sin, 0, cos]])


def pad_window(pose: np.ndarray, frames: int) -> tuple[Tensor, Tensor]:
    """Hold the last frame up to ``frames``.

    Args:
        pose: ``[N, 24, 3, 3]`` with N up to ``frames``.
        frames: T.

    Returns:
        ``[T, 24, 3, 3]`` float32 and the mask ``[T]``, False where padded.
    """
    at = np.minimum(np.arange(frames), len(pose) - 1)
    padded = torch.from_numpy(pose[at]).float()
    return padded, torch.arange(frames) < len(pose)
