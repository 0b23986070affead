"""Backgrounds without photographs: noise, gradients, planes and boxes."""

import cv2
import numpy as np


def noise_image(
    size: int, rng: np.random.Generator, channels: int = 3
) -> np.ndarray:
    """Sum of noises from coarse to fine.

    Args:
        size: Side, px.
        rng: Source of all choices.
        channels: Number of channels C.

    Returns:
        ``[size, size, C]``, float32, about [0, 1].
    """
    out = np.full((size, size, channels), 0.5, np.float32)
    roughness = rng.uniform(0.3, 0.8)
    cells, strength = 2, 0.35
    while cells <= size // 2:
        grid = rng.uniform(-1, 1, (cells, cells, channels))
        grid = grid.astype(np.float32)
        layer = cv2.resize(grid, (size, size), interpolation=cv2.INTER_CUBIC)
        out += strength * layer.reshape(size, size, channels)
        cells, strength = cells * 2, strength * roughness
    return out


def sample_background(size: int, rng: np.random.Generator) -> np.ndarray:
    """A random background: colours, floor and shapes.

    Args:
        size: Side, px.
        rng: Source of all choices.

    Returns:
        RGB ``[size, size, 3]``, float32 in [0, 1].
    """
    colour = rng.uniform(0.1, 0.95, 3).astype(np.float32)
    texture = noise_image(size, rng) - 0.5
    image = colour + texture * np.float32(rng.uniform(0.05, 0.8))
    if rng.random() < 0.7:
        _floor(image, rng)
    for _ in range(rng.integers(0, 14)):
        _shape(image, rng)
    if rng.random() < 0.5:
        side = 2 * int(rng.integers(0, 3)) + 1
        image = cv2.GaussianBlur(image, (side, side), 0)
    # Real scenes are less saturated than random colours.
    grey = image.mean(axis=2, keepdims=True)
    image = grey + np.float32(rng.uniform(0, 0.8)) * (image - grey)
    return np.clip(image, 0, 1)


def _floor(image: np.ndarray, rng: np.random.Generator) -> None:
    """Another colour below a tilted line."""
    size = len(image)
    height = rng.uniform(0.3, 0.95, 2) * size
    points = [[0, height[0]], [size, height[1]], [size, size], [0, size]]
    mask = np.zeros((size, size), np.uint8)
    cv2.fillPoly(mask, [np.array(points, np.int32)], (1.0,))
    shade = rng.uniform(0.05, 0.9, 3) - image[mask > 0].mean(axis=0)
    image[mask > 0] += shade.astype(np.float32)


def _shape(image: np.ndarray, rng: np.random.Generator) -> None:
    """A filled quadrilateral, an ellipse or a line of one colour."""
    size = len(image)
    colour = tuple(float(c) for c in rng.uniform(0, 1, 3))
    centre = rng.uniform(0, size, 2)
    kind = rng.integers(3)
    if kind == 0:
        corners = centre + rng.normal(0, size / 6, (4, 2))
        hull = cv2.convexHull(corners.astype(np.int32))
        cv2.fillConvexPoly(image, hull, colour, cv2.LINE_AA)
    elif kind == 1:
        axes = tuple(int(a) for a in rng.uniform(2, size / 5, 2))
        where = (int(centre[0]), int(centre[1]))
        angle = float(rng.uniform(0, 180))
        cv2.ellipse(image, where, axes, angle, 0, 360, colour, -1)
    else:
        ends = rng.uniform(0, size, (2, 2)).astype(int)
        width = int(rng.integers(1, max(2, size // 20)))
        cv2.line(image, ends[0].tolist(), ends[1].tolist(), colour, width)
