"""Kinds of things: what covers a region in front of the person."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from .things import Paint, Thing, blob, box, joined, sample_paint


@dataclass(frozen=True)
class Region:
    """What a thing must cover: from the ground up, seen from the camera.

    All values are m, in the camera's frame on the ground: right of it, above
    the ground, ahead of it.

    Attributes:
        left: Left end.
        right: Right end.
        top: Height.
        ahead: Distance of the side that faces the person.
        depth: Size in the direction of the camera.
    """

    left: float
    right: float
    top: float
    ahead: float
    depth: float

    @property
    def low(self) -> np.ndarray:
        """Least corner ``[3]``."""
        return np.array([self.left, 0.0, self.ahead - self.depth])

    @property
    def high(self) -> np.ndarray:
        """Greatest corner ``[3]``."""
        return np.array([self.right, self.top, self.ahead])


Maker = Callable[[Region, np.random.Generator], Thing]


def counter(region: Region, rng: np.random.Generator) -> Thing:
    """A body with a plate on it."""
    low, high = region.low, region.high
    plate = 0.05
    body = box(low, high - [0, plate, 0], _wood(rng))
    over = np.array([0.04, 0, 0.04])
    top = box(np.r_[low[0], high[1] - plate, low[2]] - over, high, _cloth(rng))
    return joined([body, top])


def sofa(region: Region, rng: np.random.Generator) -> Thing:
    """The back of a sofa between two arms."""
    low, high, paint = region.low, region.high, _cloth(rng)
    arm = min(0.22, 0.2 * (high[0] - low[0]))
    up = np.array([0, 0.06, 0])
    return joined(
        [
            box(low, high, paint),
            box(low, np.r_[low[0] + arm, high[1:]] + up, paint),
            box(np.r_[high[0] - arm, low[1:]], high + up, paint),
        ]
    )


def crates(region: Region, rng: np.random.Generator) -> Thing:
    """Boxes side by side, of slightly different heights."""
    low, high = region.low, region.high
    count = max(2, round((high[0] - low[0]) / 0.45))
    edges = np.linspace(low[0], high[0], count + 1)
    return joined(
        [
            box(
                np.r_[a, low[1:]],
                np.r_[b, high[1] * rng.uniform(0.97, 1.12), high[2]],
                sample_paint(rng),
            )
            for a, b in zip(edges[:-1], edges[1:], strict=True)
        ]
    )


def plants(region: Region, rng: np.random.Generator) -> Thing:
    """Bushes side by side."""
    low, high = region.low, region.high
    radius = max(0.6 * (high[1] - low[1]), 0.15)
    count = max(2, int(np.ceil((high[0] - low[0]) / (0.6 * radius))) + 1)
    radii = np.array([radius, radius, min(radius, 0.3)])
    paint = sample_paint(rng, ('leaves',))
    return joined(
        [
            blob(
                np.array([x, high[1] - radius * rng.uniform(1, 1.1), high[2]])
                - [0, 0, radii[2]],
                radii,
                paint,
            )
            for x in np.linspace(low[0], high[0], count)
        ]
    )


def panel(region: Region, rng: np.random.Generator) -> Thing:
    """A board, a column or a door: one thin box."""
    return box(region.low, region.high, sample_paint(rng))


FURNITURE: Mapping[str, Maker] = MappingProxyType(
    {'counter': counter, 'crates': crates, 'plants': plants, 'sofa': sofa}
)
"""What stands in front of the legs, by name."""


def _wood(rng: np.random.Generator) -> Paint:
    return sample_paint(rng, ('planks', 'plain', 'stripes'))


def _cloth(rng: np.random.Generator) -> Paint:
    return sample_paint(rng, ('plain', 'checks', 'stripes'))
