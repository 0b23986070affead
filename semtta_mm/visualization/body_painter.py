"""Bodies drawn into crops of a video, with the colours of the video."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, get_args

import cv2
import numpy as np
from numpy.typing import NDArray

from ..registry import VISUALIZERS
from .renderer import lambert, rasterize, vertex_normals

Texture = Literal['crop', 'parts']
Array = NDArray[Any]


@dataclass(frozen=True)
class BodyMesh:
    """What all poses of a body share.

    Attributes:
        faces: ``[F, 3]``, counter-clockwise from outside.
        parts: Joint that moves each vertex most ``[V]``.
    """

    faces: Array
    parts: Array


@VISUALIZERS.register_module()
class BodyPainter:
    """Draws a body with full labels into a crop (DAPA's fake images).

    DAPA paints with a texture that a frozen network predicts from the image
    feature; here colours are taken from the crop itself.

    Args:
        texture: ``'crop'``: each vertex that the crop shows has the colour
            of its pixel, hidden ones the mean of their body part; or
            ``'parts'``: a random colour of each body part, shaded.
        least_window: Least side of the background, a random window of the
            crop, in sides of the crop.
        supersampling: Rays a side of a pixel.
    """

    def __init__(
        self,
        texture: Texture = 'crop',
        least_window: float = 0.5,
        supersampling: int = 2,
    ) -> None:
        if texture not in get_args(Texture):
            raise ValueError(f"texture: unknown {texture!r}; use 'crop'")
        if not 0 < least_window <= 1 or supersampling < 1:
            raise ValueError(
                'BodyPainter: least_window is in (0, 1], supersampling is at '
                f'least 1, got {least_window} and {supersampling}'
            )
        self.texture = texture
        self.least_window = least_window
        self.supersampling = supersampling

    def __call__(
        self,
        crop: Array,
        seen: Array,
        posed: Array,
        mesh: BodyMesh,
        intrinsics: Array,
        rng: np.random.Generator,
    ) -> Array:
        """Draw a body.

        Args:
            crop: RGB ``[S, S, 3]``, uint8; not changed.
            seen: Body as it is in the crop ``[V, 3]``, m, camera frame.
            posed: Body to draw ``[V, 3]``, m, camera frame.
            mesh: Of both bodies.
            intrinsics: ``[3, 3]``, px of the crop.
            rng: Source of all choices.

        Returns:
            RGB ``[S, S, 3]``, uint8.
        """
        ground = random_window(crop, self.least_window, rng)
        if self.texture == 'crop':
            colours = sampled_colours(crop, seen, mesh, intrinsics)
        else:
            colours = part_colours(mesh, posed, rng)
        return draw_coloured(
            ground, posed, mesh.faces, colours, intrinsics, self.supersampling
        )


def random_window(
    crop: Array, least: float, rng: np.random.Generator
) -> Array:
    """A random square window of a crop, resized to the crop.

    Args:
        crop: ``[S, S, 3]``.
        least: Least side, in sides of the crop.
        rng: Source of all choices.
    """
    size = len(crop)
    side = max(1, round(size * float(rng.uniform(least, 1))))
    x, y = rng.integers(0, size - side + 1, 2)
    window = crop[y : y + side, x : x + side]
    return cv2.resize(window, (size, size), interpolation=cv2.INTER_LINEAR)


def sampled_colours(
    crop: Array, vertices: Array, mesh: BodyMesh, intrinsics: Array
) -> Array:
    """Colours of a body in a crop.

    Args:
        crop: RGB ``[S, S, 3]``, uint8.
        vertices: ``[V, 3]``, m, camera frame.
        mesh: Of the body.
        intrinsics: ``[3, 3]``, px of the crop.

    Returns:
        RGB ``[V, 3]`` in 0 to 255; grey if the crop shows no vertex.
    """
    size = len(crop)
    found = rasterize(vertices, mesh.faces, intrinsics, (size, size))
    shown = np.zeros(len(vertices), bool)
    shown[mesh.faces[np.unique(found.triangle[found.mask])]] = True
    pixels = vertices @ intrinsics.T
    pixels = np.floor(pixels[:, :2] / np.maximum(pixels[:, 2:], 1e-6))
    shown &= ((pixels >= 0) & (pixels < size)).all(axis=1)
    colours = np.full((len(vertices), 3), 128.0)
    if not shown.any():
        return colours
    x, y = pixels[shown].astype(int).T
    colours[:] = crop[y, x].mean(axis=0)
    for part in np.unique(mesh.parts[shown]):
        inside = mesh.parts == part
        x, y = pixels[shown & inside].astype(int).T
        colours[inside] = crop[y, x].mean(axis=0)
    x, y = pixels[shown].astype(int).T
    colours[shown] = crop[y, x]
    return colours


def part_colours(
    mesh: BodyMesh, vertices: Array, rng: np.random.Generator
) -> Array:
    """A random colour of each body part, shaded, RGB ``[V, 3]``."""
    palette = rng.uniform(20, 255, (int(mesh.parts.max()) + 1, 3))
    light = lambert(vertex_normals(vertices, mesh.faces))
    return palette[mesh.parts] * light[:, None]


def draw_coloured(
    image: Array,
    vertices: Array,
    faces: Array,
    colours: Array,
    intrinsics: Array,
    supersampling: int = 1,
) -> Array:
    """Draw a mesh with a colour of each vertex.

    Args:
        image: ``[S, S, 3]``, uint8; not changed.
        vertices: ``[V, 3]``, m, camera frame.
        faces: ``[F, 3]``.
        colours: ``[V, 3]`` in 0 to 255, in the image's order of channels.
        intrinsics: ``[3, 3]``, px of the image.
        supersampling: Rays a side of a pixel.

    Returns:
        A new image.
    """
    size = len(image)
    large = size * supersampling
    scaled = np.asarray(intrinsics, float).copy()
    scaled[:2] *= supersampling
    out = image.repeat(supersampling, 0).repeat(supersampling, 1)
    found = rasterize(vertices, faces, scaled, (large, large))
    painted = found.interpolate(colours, faces)
    out[found.mask] = np.clip(np.rint(painted), 0, 255).astype(np.uint8)
    if supersampling == 1:
        return out
    return cv2.resize(out, (size, size), interpolation=cv2.INTER_AREA)
