"""Plan of a held-out test set."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

from ...utils import InputError

Edition = Literal['open', 'cmu']
HeldOut = Literal['dev', 'test']
Shift = Literal['all', 'none', 'handheld']
Size = Literal['small', 'full']

EDITIONS: tuple[Edition, ...] = get_args(Edition)
HELD_OUT: tuple[HeldOut, ...] = get_args(HeldOut)
SHIFTS: tuple[Shift, ...] = get_args(Shift)
SIZES: dict[Size, tuple[int, int, int]] = {
    'small': (6, 120, 180),
    'full': (24, 120, 300),
}
"""Size to number of clips, and fewest and most frames of a clip."""

CODEC = 'mp4v'
"""Of the clips; detections of published sets were made on it."""

FPS = 30.0

SIZE_PX: dict[Shift, int] = {'all': 256, 'none': 256, 'handheld': 640}
"""Shift to the usual side of the images, px; handheld: the longer side."""

_SUFFIX: dict[Shift, str] = {
    'all': '',
    'none': '_unshifted',
    'handheld': '_handheld',
}

_STAGES = (
    'motion',
    'body',
    'camera',
    'look',
    'film',
    'detector',
    'variants',
    'cover',
)


@dataclass(frozen=True)
class TestSetPlan:
    """All parameters that determine a test set.

    Attributes:
        edition: Source of the motions.
        split: ``'dev'``, on which parameters are tuned, or ``'test'``.
        shift: ``'all'`` shifts body, camera, look and image quality
            against training; ``'none'`` draws them as training does;
            ``'handheld'`` films with a phone, through furniture.
        clips: Number of clips.
        min_frames: Fewest frames of a clip.
        max_frames: Most frames of a clip.
        seed: Seed of all choices.
        size: Side of the images, px; handheld: the longer side.
    """

    __test__ = False  # pytest: not a test class

    edition: Edition
    split: HeldOut
    shift: Shift
    clips: int
    min_frames: int
    max_frames: int
    seed: int = 0
    size: int = 256

    def __post_init__(self) -> None:
        fix = 'give an even number from 64'
        if self.size < 64 or self.size % 2:
            raise InputError('--size-px', 'value', f'is {self.size}', fix)
        if self.seed < 0:
            raise InputError('--seed', 'value', 'is below 0', 'give 0 or more')

    def name(self, index: int) -> str:
        """Name of a clip, unique among all sets of one seed."""
        suffix = _SUFFIX[self.shift]
        return f'{self.edition}_{self.split}{suffix}_{index:02d}'

    def rng(self, stage: str, index: int = 0) -> np.random.Generator:
        """Generator of one stage of one clip.

        ``shift`` is not part of the seed: sets of all shifts have the same
        motions. Each stage has its own generator.

        Args:
            stage: Name of the stage.
            index: Number of the clip; 0 for the choice of motions.
        """
        place = (
            EDITIONS.index(self.edition),
            HELD_OUT.index(self.split),
            _STAGES.index(stage),
        )
        return np.random.default_rng([self.seed, *place, index])
