"""Random clothes for the open body: colour of each vertex, and some bulk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix

from ...conventions import SMPL_JOINTS

_SKIN = np.array([[0.99, 0.85, 0.74], [0.78, 0.57, 0.42], [0.32, 0.2, 0.14]])
"""Skin colours, light to dark; a sample interpolates two neighbours."""


@dataclass(frozen=True)
class Wardrobe:
    """Properties of the body that all clothes share.

    Attributes:
        rest: Vertices of the mean body in rest pose ``[V, 3]``, m, y up.
        normals: Unit normals there ``[V, 3]``.
        part: SMPL joint that moves each vertex most ``[V]``.
        neighbours: Row-normalised mesh adjacency ``[V, V]``.
    """

    rest: np.ndarray
    normals: np.ndarray
    part: np.ndarray
    neighbours: csr_matrix

    @classmethod
    def of_body(
        cls,
        rest: np.ndarray,
        normals: np.ndarray,
        weights: np.ndarray,
        faces: np.ndarray,
    ) -> Wardrobe:
        """From a body's arrays; ``weights`` is its skinning ``[V, 24]``."""
        size = len(rest)
        first, second = (
            faces[:, [0, 1, 2]].ravel(),
            faces[:, [1, 2, 0]].ravel(),
        )
        ones = np.ones(2 * len(first))
        both = np.r_[first, second], np.r_[second, first]
        links = csr_matrix((ones, both), shape=(size, size))
        links.data[:] = 1
        degree = np.maximum(np.asarray(links.sum(axis=1)).ravel(), 1)
        rows = np.repeat(np.arange(size), np.diff(links.indptr))
        links.data = 1 / degree[rows]
        return cls(rest, normals, weights.argmax(axis=1), links)

    def smooth(self, values: np.ndarray, rounds: int) -> np.ndarray:
        """Average with neighbours, ``[V, C]``."""
        for _ in range(rounds):
            values = 0.5 * values + 0.5 * (self.neighbours @ values)
        return values

    def on(self, *joints: str) -> np.ndarray:
        """Vertices of body parts ``[V]``, bool; both sides unless named."""
        names = set(joints) | {
            f'{side}_{joint}' for side in ('left', 'right') for joint in joints
        }
        chosen = [i for i, name in enumerate(SMPL_JOINTS) if name in names]
        return np.isin(self.part, chosen)


@dataclass(frozen=True)
class Dress:
    """Clothes, skin and hair of one person.

    Attributes:
        colours: RGB of each vertex ``[V, 3]`` in [0, 1].
        offsets: Along the normals ``[V]``, m.
        pattern: Strength of a printed pattern on each vertex ``[V]``.
    """

    colours: np.ndarray
    offsets: np.ndarray
    pattern: np.ndarray


def sample_dress(wardrobe: Wardrobe, rng: np.random.Generator) -> Dress:
    """Skin, hair, top, trousers and shoes with random cuts and colours.

    Args:
        wardrobe: Of the body.
        rng: Source of all choices.
    """
    size = len(wardrobe.rest)
    colours = np.tile(_skin(rng), (size, 1))
    offsets, pattern = np.zeros(size), np.zeros(size)
    for region, loose in (
        (_trousers(wardrobe, rng), rng.uniform(0.0, 0.03)),
        (_top(wardrobe, rng), rng.uniform(0.0, 0.035)),
        (wardrobe.on('ankle', 'foot') & (rng.random() < 0.8), 0.01),
    ):
        colours[region] = _cloth(rng)
        offsets[region] = loose
        pattern[region] = rng.random() < 0.5
    hair = _hair(wardrobe, rng)
    colours[hair] = rng.choice([0.08, 0.25, 0.6]) * rng.uniform(0.5, 1.3, 3)
    offsets[hair] = rng.uniform(0.0, 0.03)
    folds = wardrobe.smooth(rng.normal(0, 1, (size, 1)), 12)[:, 0]
    folds = 1 + 0.6 * folds / (folds.std() + 1e-9)
    offsets = wardrobe.smooth((offsets * folds)[:, None], 2)[:, 0]
    return Dress(np.clip(colours, 0, 1), offsets, pattern)


def _skin(rng: np.random.Generator) -> np.ndarray:
    where = rng.uniform(0, len(_SKIN) - 1)
    low = int(where)
    high = min(low + 1, len(_SKIN) - 1)
    mix = _SKIN[low] + (where - low) * (_SKIN[high] - _SKIN[low])
    return mix * rng.uniform(0.85, 1.1)


def _cloth(rng: np.random.Generator) -> np.ndarray:
    """A grey or a colour, with equal probability."""
    value = rng.uniform(0.05, 0.95)
    if rng.random() < 0.5:
        return np.full(3, value) * rng.uniform(0.9, 1.1, 3)
    return rng.uniform(0.05, 0.95, 3)


def _trousers(wardrobe: Wardrobe, rng: np.random.Generator) -> np.ndarray:
    """Pelvis and thighs, down to a random length."""
    legs = wardrobe.on('pelvis', 'hip', 'knee', 'ankle')
    height = wardrobe.rest[:, 1]
    low, high = height.min(), 0.0  # the pelvis is the origin
    end = high + (low - high) * rng.choice([0.35, 0.5, 0.75, 0.95])
    waist = rng.uniform(0.02, 0.12)
    return legs & (height > end) & (height < waist)


def _top(wardrobe: Wardrobe, rng: np.random.Generator) -> np.ndarray:
    """Torso and sleeves of a random length; none with probability 1/8."""
    if rng.random() < 0.125:
        return np.zeros(len(wardrobe.rest), bool)
    torso = wardrobe.on('pelvis', 'spine_1', 'spine_2', 'spine_3', 'collar')
    arms = wardrobe.on('shoulder', 'elbow', 'wrist')
    reach = np.abs(wardrobe.rest[:, 0])
    sleeve = rng.choice([0.18, 0.3, 0.45, 0.65])
    hem = rng.uniform(-0.15, 0.05)
    covered = torso & (wardrobe.rest[:, 1] > hem)
    return covered | (arms & (reach < sleeve))


def _hair(wardrobe: Wardrobe, rng: np.random.Generator) -> np.ndarray:
    """The top and back of the head, above a random line."""
    head = wardrobe.on('head', 'neck')
    rest = wardrobe.rest
    top = rest[head, 1].max()
    middle = rest[head, 2].mean()
    line = top - rng.uniform(0.0, 0.16)
    long = rng.uniform(0.0, 0.25)
    behind = (rest[:, 2] < middle - 0.02) & (rest[:, 1] > line - long)
    return head & ((rest[:, 1] > line) | behind)
