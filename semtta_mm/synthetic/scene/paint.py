"""Shading of fragments, occluders, and camera noise."""

from __future__ import annotations

import cv2
import numpy as np

from ...visualization.renderer import Fragments, lambert
from .backgrounds import noise_image
from .clothes import Dress, Wardrobe


def shade(
    fragments: Fragments,
    normals: np.ndarray,
    faces: np.ndarray,
    wardrobe: Wardrobe,
    dress: Dress,
    rng: np.random.Generator,
) -> np.ndarray:
    """Colour of every pixel that the body covers.

    Args:
        fragments: Of the rasterised body.
        normals: Of the posed vertices ``[V, 3]``, camera frame.
        faces: ``[F, 3]``.
        wardrobe: Source of the rest coordinates, for patterns.
        dress: Colours.
        rng: Source of lights and patterns.

    Returns:
        RGB ``[N, 3]`` in the order of ``image[fragments.mask]``.
    """
    values = np.c_[dress.colours, dress.pattern, wardrobe.rest, normals]
    pixels = fragments.interpolate(values, faces)
    colour, printed = pixels[:, :3], pixels[:, 3:4]
    rest, normal = pixels[:, 4:7], pixels[:, 7:]
    colour = colour * (1 + printed * _pattern(rest, rng)[:, None])
    normal /= np.linalg.norm(normal, axis=1, keepdims=True) + 1e-9
    light = np.zeros_like(colour)
    for _ in range(rng.integers(1, 3)):
        direction = (rng.normal(0, 1, 3) + [0, -0.8, -0.8]).tolist()
        tint = rng.uniform(0.75, 1.0, 3)
        light += lambert(normal, direction, 0)[:, None] * tint
    ambient = rng.uniform(0.25, 0.7)
    return np.clip(colour * (ambient + (1 - ambient) * light), 0, 1)


def _pattern(rest: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Stripes, checks or spots on the cloth, ``[N]`` about 0."""
    frequency = rng.uniform(15, 90)
    axis = rng.normal(0, 1, 3)
    waves = np.sin(frequency * rest @ (axis / np.linalg.norm(axis)))
    kind = rng.integers(3)
    if kind == 1:
        waves = np.sign(waves)
    elif kind == 2:
        waves = np.prod(np.sin(frequency * rest), axis=1)
    return rng.uniform(0.1, 0.7) * waves


def occlude(
    image: np.ndarray, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw a random occluder.

    Args:
        image: RGB ``[S, S, 3]``, float32 in [0, 1].
        rng: Source of all choices.

    Returns:
        New image, and the pixels of the occluder ``[S, S]``, bool.
    """
    size = len(image)
    hidden = np.zeros((size, size), np.uint8)
    centre = rng.uniform(0.1, 0.9, 2) * size
    spread = rng.uniform(0.06, 0.2) * size
    corners = centre + rng.normal(0, spread, (int(rng.integers(4, 8)), 2))
    hull = cv2.convexHull(corners.astype(np.int32))
    cv2.fillConvexPoly(hidden, hull, (1.0,))
    mask = hidden.astype(bool)
    texture = noise_image(size, rng) - 0.5
    occluder = rng.uniform(0, 1, 3) + texture * rng.uniform(0.1, 0.8)
    out = np.where(mask[..., None], np.clip(occluder, 0, 1), image)
    return out.astype(np.float32), mask


def photograph(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Blur, exposure, colour cast, noise and compression.

    Args:
        image: RGB ``[S, S, 3]``, float32 in [0, 1].
        rng: Source of all choices.

    Returns:
        RGB ``[S, S, 3]``, uint8.
    """
    if rng.random() < 0.4:
        image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.3, 1.6))
    gamma, gain = rng.uniform(0.65, 1.5), rng.uniform(0.8, 1.15, 3)
    image = np.clip(image, 0, 1) ** gamma * gain.astype(np.float32)
    noise = rng.normal(0, rng.uniform(0, 0.05), image.shape)
    out = np.clip(255 * (image + noise), 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 95))]
        _, data = cv2.imencode('.jpg', out, quality)
        return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR))
    return out
