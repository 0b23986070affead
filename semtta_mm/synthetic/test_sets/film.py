"""Renders the frames of a clip, and finds self-occluded keypoints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from ...conventions import keypoint_names
from ...visualization.renderer import rasterize, vertex_normals
from .body_track import WorldBody
from .looks import Look
from .rig import Rig

_SUPERSAMPLING = 2

_DEEP = ('shoulder', 'hip', 'knee')
"""Keypoints far below the skin."""

_MARGIN, _DEEP_MARGIN = 0.09, 0.16
"""Depth below the surface at which a keypoint still counts as visible, m."""


@dataclass(frozen=True)
class Frame:
    """One rendered frame.

    Attributes:
        image: RGB ``[S, S, 3]``, uint8.
        hidden: Self-occluded keypoints ``[K]``, bool.
    """

    image: np.ndarray
    hidden: np.ndarray


def render_clip(
    person: WorldBody,
    faces: np.ndarray,
    rig: Rig,
    look: Look,
    size: int,
    convention: str,
    rng: np.random.Generator,
) -> Iterator[Frame]:
    """All frames in order.

    Args:
        person: The body in the world.
        faces: Of the mesh ``[F, 3]``.
        rig: The camera.
        look: Clothes, light, background and image quality.
        size: Side of the images, px.
        convention: Of ``person.keypoints``.
        rng: Source of the images' noise.
    """
    keypoints = rig.to_camera(person.keypoints)
    large = size * _SUPERSAMPLING
    intrinsics = np.diag([_SUPERSAMPLING] * 2 + [1.0]) @ rig.intrinsics
    margins = depth_margins(convention)
    for t, bare in enumerate(person.vertices):
        normals = vertex_normals(bare, faces)
        dressed = bare + look.dress.offsets[:, None] * normals
        turn = rig.sway[t] @ rig.rotation
        body = rig.to_camera_at(dressed, t)
        fragments = rasterize(body, faces, intrinsics, (large, large))
        image = look.ground((large, large), t).copy()
        look.shadow(image, dressed, t)
        image[fragments.mask] = look.paint(fragments, normals @ turn.T)
        image = cv2.resize(image, (size, size), interpolation=cv2.INTER_AREA)
        # Visibility is that of the bare body: wide clothes would hide knees.
        skin = rig.to_camera_at(bare, t)
        depth = rasterize(skin, faces, rig.intrinsics, (size, size)).depth
        hidden = behind(depth, keypoints[t], rig.intrinsics, margins)
        yield Frame(look.develop(image, rng), hidden)


def depth_margins(convention: str) -> np.ndarray:
    """Largest depth of each keypoint below the skin ``[K]``, m."""
    names = keypoint_names(convention)
    return np.array(
        [_DEEP_MARGIN if n.endswith(_DEEP) else _MARGIN for n in names]
    )


def behind(
    depth: np.ndarray,
    points: np.ndarray,
    intrinsics: np.ndarray,
    margins: np.ndarray,
) -> np.ndarray:
    """Keypoints behind a nearer surface.

    Args:
        depth: Of the image ``[H, W]``, m; infinite without a surface.
        points: ``[K, 3]``, m, camera frame.
        intrinsics: ``[3, 3]``, px of the image.
        margins: ``[K]``, m.

    Returns:
        ``[K]``, bool.
    """
    homogeneous = points @ intrinsics.T
    pixels = homogeneous[:, :2] / homogeneous[:, 2:]
    limit = np.array(depth.shape[::-1]) - 1
    x, y = np.clip(np.floor(pixels), 0, limit).astype(int).T
    return depth[y, x] < points[:, 2] - margins
