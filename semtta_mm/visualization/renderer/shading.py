"""Lambertian shading of a mesh, drawn on an image."""

from collections.abc import Sequence

import numpy as np

from .rasterizer import rasterize, vertex_normals

BODY_COLOUR = (0.55, 0.72, 0.95)
"""RGB in [0, 1]."""


def lambert(
    normals: np.ndarray,
    direction: Sequence[float] = (-0.3, -0.5, -0.8),
    ambient: float = 0.35,
) -> np.ndarray:
    """Brightness with one directional light and ambient light.

    Args:
        normals: Unit normals ``[N, 3]``, camera frame.
        direction: Direction from the body to the light.
        ambient: Share of ambient light, in [0, 1].

    Returns:
        ``[N]`` in [0, 1].
    """
    towards = np.asarray(direction) / np.linalg.norm(direction)
    return ambient + (1 - ambient) * np.clip(normals @ towards, 0, 1)


def draw_mesh(
    image: np.ndarray,
    vertices: np.ndarray,
    faces: np.ndarray,
    intrinsics: np.ndarray,
    colour: Sequence[float] = BODY_COLOUR,
    opacity: float = 1.0,
) -> np.ndarray:
    """Draw a shaded mesh over an image.

    Args:
        image: ``[H, W, 3]``, BGR, uint8; not changed.
        vertices: ``[V, 3]``, m, camera frame (x right, y down, z forward).
        faces: ``[F, 3]``, counter-clockwise from outside.
        intrinsics: ``[3, 3]``, px of the image.
        colour: RGB in [0, 1].
        opacity: Opacity of the mesh, in [0, 1].

    Returns:
        A new image of the same size and type.
    """
    from .kernels import blend_shaded

    size = (image.shape[1], image.shape[0])
    fragments = rasterize(vertices, faces, intrinsics, size)
    out = image.copy()
    blend_shaded(
        out,
        fragments.triangle,
        fragments.weights,
        np.ascontiguousarray(faces, dtype=np.int32),
        lambert(vertex_normals(vertices, faces)),
        255 * np.asarray(colour, np.float64)[::-1],
        float(opacity),
    )
    return out
