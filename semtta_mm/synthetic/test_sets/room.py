"""Backgrounds outside of training's: a floor and a wall in perspective.

They are rendered with the camera of the clip; the floor is the ground under
the person.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from .rig import Rig

MARGIN = 0.15
"""Border for the camera's sway on each side, share of the image."""

Pattern = Callable[[np.ndarray, np.random.Generator], np.ndarray]


@dataclass(frozen=True)
class Room:
    """Patterns of floor and wall, and distance of the wall.

    Attributes:
        wall: Distance of the wall from the camera, m.
        floor_pattern: Name in :data:`FLOORS`.
        wall_pattern: Name in :data:`WALLS`.
        seed: Seed of the patterns.
    """

    wall: float
    floor_pattern: str
    wall_pattern: str
    seed: int


def sample_room(rig: Rig, rng: np.random.Generator) -> Room:
    """A random room around the world's origin, where the person is."""
    distance = float(np.linalg.norm(rig.centre[[0, 2]]))
    return Room(
        wall=distance + float(rng.uniform(1.8, 5.0)),
        floor_pattern=str(rng.choice(sorted(FLOORS))),
        wall_pattern=str(rng.choice(sorted(WALLS))),
        seed=int(rng.integers(2**32)),
    )


def backdrop(
    room: Room,
    rig: Rig,
    size: tuple[int, int],
    margin: float = MARGIN,
    oversampling: int = 2,
) -> np.ndarray:
    """Image of the empty room by the camera at rest, with a margin.

    Args:
        room: The room.
        rig: The camera.
        size: Width and height of the video's images, px.
        margin: Border on each side, share of the width.
        oversampling: Rays along each axis of a pixel of the result.

    Returns:
        RGB ``[H, W, 3]``, float32 in [0, 1], at twice the video's resolution;
        each side is ``2 (side + 2 · int(margin · width))``.
    """
    border = int(margin * size[0])
    sides = [oversampling * 2 * (length + 2 * border) for length in size]
    u, v = np.meshgrid(
        *((np.arange(s) + 0.5) / (2 * oversampling) - border for s in sides)
    )
    pixels = np.stack([u, v, np.ones_like(u)], axis=-1).reshape(-1, 3)
    rays = pixels @ np.linalg.inv(rig.intrinsics).T @ rig.rotation
    rng = np.random.default_rng(room.seed)
    image = _trace(rays, rig, room, rng).reshape(sides[1], sides[0], 3)
    if oversampling == 1:
        return image
    half = (sides[0] // oversampling, sides[1] // oversampling)
    return cv2.resize(image, half, interpolation=cv2.INTER_AREA)


def softened(colours: np.ndarray, contrast: float) -> np.ndarray:
    """Colours ``[..., 3]`` nearer to their mean.

    Args:
        colours: RGB.
        contrast: Factor on the distance to the mean; 1 changes nothing.
    """
    if contrast == 1:
        return colours
    mean = colours.mean(axis=tuple(range(colours.ndim - 1)))
    soft = mean + contrast * (colours - mean)
    return np.asarray(soft, colours.dtype)


def _trace(
    rays: np.ndarray, rig: Rig, room: Room, rng: np.random.Generator
) -> np.ndarray:
    """Colours ``[N, 3]`` where rays ``[N, 3]`` (world) end."""
    ahead = -rig.centre * [1, 0, 1]
    ahead = ahead / np.linalg.norm(ahead)
    beside = np.cross([0.0, 1.0, 0.0], ahead)
    far = 1e3
    with np.errstate(divide='ignore'):
        to_wall = room.wall / (rays @ ahead)
        to_floor = -rig.centre[1] / rays[:, 1]
    to_wall[~((to_wall > 0) & (to_wall < far))] = far
    to_floor[~((to_floor > 0) & (to_floor < far))] = far
    is_floor = to_floor < to_wall
    hit = rig.centre + np.minimum(to_wall, to_floor)[:, None] * rays
    along = np.stack([hit @ beside, hit[:, 1]], axis=1)
    flat = np.stack([hit @ beside, hit @ ahead], axis=1)
    floor = FLOORS[room.floor_pattern](flat, rng)
    wall = WALLS[room.wall_pattern](along, rng)
    return np.where(is_floor[:, None], floor, wall).astype(np.float32)


def checks(at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Tiles of two colours, ``[N, 3]``, for places ``[N, 2]`` in m."""
    cell = np.floor(at / rng.uniform(0.25, 0.6)).astype(int)
    odd = (cell.sum(axis=1) % 2 == 1)[:, None]
    return np.where(odd, rng.uniform(0.05, 0.9, 3), rng.uniform(0.2, 0.9, 3))


def planks(at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Brown boards with dark joints."""
    at = at / [rng.uniform(0.1, 0.2), rng.uniform(1.2, 2.5)]
    row = np.floor(at[:, 0])
    along = at[:, 1] + _hash(row, row)
    tone = 0.7 + 0.5 * _hash(row, np.floor(along))
    joint = (at[:, 0] % 1 < 0.06) | (along % 1 < 0.01)
    brown = np.array([0.6, 0.42, 0.26]) * rng.uniform(0.6, 1.3)
    return np.clip(brown * (tone * np.where(joint, 0.35, 1))[:, None], 0, 1)


def bricks(at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Bricks in light mortar."""
    at = at / (np.array([0.25, 0.085]) * rng.uniform(0.9, 1.8))
    row = np.floor(at[:, 1])
    along = at[:, 0] + 0.5 * (row % 2)
    tone = 0.65 + 0.6 * _hash(row, np.floor(along))
    clay = np.array([0.62, 0.3, 0.22]) * rng.uniform(0.7, 1.2)
    mortar = (at[:, 1] % 1 < 0.14) | (along % 1 < 0.05)
    return np.where(mortar[:, None], 0.72, np.clip(clay * tone[:, None], 0, 1))


def leaves(at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Grass or a hedge: fine green noise over coarse."""
    green = np.array([0.25, 0.42, 0.14]) * rng.uniform(0.7, 1.3)
    tone = np.zeros(len(at))
    for cell in (0.5, 0.12, 0.04):
        tone += _hash(*np.floor(at / cell).T) / 3
    return np.clip(green * (0.35 + 1.3 * tone[:, None]), 0, 1)


def stripes(at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Wall paper: broad stripes of three colours."""
    place = np.floor(at[:, 0] / rng.uniform(0.12, 0.4)).astype(int) % 3
    return rng.uniform(0.15, 0.95, (3, 3))[place]


def shelves(at: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Books of all colours on dark shelves."""
    level = np.floor(at[:, 1] / 0.35)
    book = np.floor(at[:, 0] / rng.uniform(0.04, 0.08))
    colour = np.stack([_hash(book + i, level * 7) for i in range(3)], axis=1)
    height = 0.2 + 0.12 * _hash(book, level)
    above = at[:, 1] % 0.35 > height
    return np.where(above[:, None], 0.1, 0.1 + 0.75 * colour)


FLOORS: dict[str, Pattern] = {
    'checks': checks,
    'leaves': leaves,
    'planks': planks,
}
"""Patterns of the floor, by name."""

WALLS: dict[str, Pattern] = {
    'bricks': bricks,
    'leaves': leaves,
    'shelves': shelves,
    'stripes': stripes,
}
"""Patterns of the wall, by name."""


def _hash(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """A number in [0, 1) for each pair of whole numbers, ``[N]``."""
    a = first.astype(np.int64).astype(np.uint64)
    b = second.astype(np.int64).astype(np.uint64)
    mixed = a * np.uint64(0x9E3779B97F4A7C15) ^ b * np.uint64(
        0xC2B2AE3D27D4EB4F
    )
    mixed ^= mixed >> np.uint64(29)
    mixed *= np.uint64(0xBF58476D1CE4E5B9)
    mixed ^= mixed >> np.uint64(32)
    return (mixed >> np.uint64(11)) / float(2**53)
