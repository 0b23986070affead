"""Style of a procedural motion: random numbers with a range per split."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np

Split = Literal['train', 'dev', 'test']
SPLITS: tuple[Split, ...] = get_args(Split)

_RINGS: dict[str, tuple[float, float]] = {
    'train': (0.0, 0.64),
    'dev': (0.68, 0.82),
    'test': (0.86, 1.0),
}


@dataclass(frozen=True)
class Style:
    """Draws the parameters of one performance.

    A parameter's range is divided into rings about its middle: training has
    the inner 64 %, dev a ring outside of it, test the outermost. So no
    parameter of a test style is in training's range.

    Attributes:
        split: Determines the ring.
        rng: Source of all choices.
    """

    split: Split
    rng: np.random.Generator

    def __post_init__(self) -> None:
        if self.split not in SPLITS:
            raise ValueError(f'split: {self.split!r} is none of {SPLITS}')

    def __call__(self, low: float, high: float) -> float:
        """One parameter between ``low`` and ``high``."""
        inner, outer = _RINGS[self.split]
        side = 1 if self.rng.random() < 0.5 else -1
        at = side * self.rng.uniform(inner, outer)
        return low + (high - low) * (at + 1) / 2

    def coin(self) -> bool:
        """A random choice between two variants."""
        return bool(self.rng.random() < 0.5)

    def phase(self) -> float:
        """Random phase of a cycle, radians."""
        return float(self.rng.uniform(0, 2 * np.pi))
