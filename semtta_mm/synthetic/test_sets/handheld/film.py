"""Renders a clip once for each camera, and puts things in front."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from ....visualization.renderer import (
    Fragments,
    rasterize,
    vertex_normals,
)
from ..body_track import WorldBody
from ..film import behind, depth_margins
from ..rig import Rig
from ..shifted_look import ShiftedLook
from .cover import Moving

_SUPERSAMPLING = 2


@dataclass(frozen=True)
class Plate:
    """A frame before anything is put in front of the person.

    Attributes:
        image: RGB ``[2H, 2W, 3]``, float32.
        depth: Of the person ``[2H, 2W]``, m; infinite elsewhere.
        hidden: Self-occluded keypoints ``[K]``, bool.
    """

    image: np.ndarray
    depth: np.ndarray
    hidden: np.ndarray


def plates(
    person: WorldBody,
    faces: np.ndarray,
    look: ShiftedLook,
    convention: str,
) -> Iterator[Plate]:
    """All frames in order.

    Args:
        person: The body in the world.
        faces: Of the mesh ``[F, 3]``.
        look: Clothes, light, background, with camera and size.
        convention: Of ``person.keypoints``.
    """
    rig, large = look.rig, _large(look)
    keypoints = rig.to_camera(person.keypoints)
    margins = depth_margins(convention)
    intrinsics = _zoomed(rig)
    for t, bare in enumerate(person.vertices):
        normals = vertex_normals(bare, faces)
        dressed = bare + look.dress.offsets[:, None] * normals
        turn = rig.sway[t] @ rig.rotation
        fragments = rasterize(
            rig.to_camera_at(dressed, t), faces, intrinsics, large
        )
        image = look.ground(large, t).copy()
        look.shadow(image, dressed, t)
        image[fragments.mask] = look.paint(fragments, normals @ turn.T)
        skin = rig.to_camera_at(bare, t)
        depth = rasterize(skin, faces, rig.intrinsics, look.size).depth
        hidden = behind(depth, keypoints[t], rig.intrinsics, margins)
        yield Plate(image, fragments.depth, hidden)


def exposed(
    plate: Plate,
    things: Sequence[Moving],
    look: ShiftedLook,
    keypoints: np.ndarray,
    frame: int,
    rng: np.random.Generator,
) -> tuple[np.ndarray, np.ndarray]:
    """The frame of one variant.

    Args:
        plate: The frame without things; not modified.
        things: In front of the person.
        look: Light, and the quality of the images.
        keypoints: ``[K, 3]``, m, world.
        frame: Number of the frame.
        rng: Source of the image's noise.

    Returns:
        RGB ``[H, W, 3]``, uint8, and which keypoints are behind a thing
        ``[K]``, bool.
    """
    image, hidden = plate.image, np.zeros(len(keypoints), bool)
    there = [m for m in things if np.isfinite(m.path[frame]).all()]
    if there:
        image, depth = plate.image.copy(), plate.depth.copy()
        local = look.rig.to_camera_at(keypoints, frame)
        for moving in there:
            fragments = _put(image, depth, moving, look, frame)
            hidden |= behind(
                fragments.depth, local, _zoomed(look.rig), np.zeros(1)
            )
    small = cv2.resize(image, look.size, interpolation=cv2.INTER_AREA)
    return look.develop(small, rng), hidden


def _put(
    image: np.ndarray,
    depth: np.ndarray,
    moving: Moving,
    look: ShiftedLook,
    frame: int,
) -> Fragments:
    """Draw a thing over an image and its depth, in place."""
    thing, rig = moving.thing, look.rig
    fragments = rasterize(
        rig.to_camera_at(thing.vertices + moving.path[frame], frame),
        thing.faces,
        _zoomed(rig),
        _large(look),
        cull=False,
    )
    # Light of the vertices, not of the pixels: things fill the image.
    turned = thing.normals @ (rig.sway[frame] @ rig.rotation).T
    colours = look.lit(thing.colours, turned).astype(np.float32)
    nearer = fragments.depth < depth
    image[nearer] = fragments.interpolate(colours, thing.faces, nearer)
    depth[nearer] = fragments.depth[nearer]
    return fragments


def _large(look: ShiftedLook) -> tuple[int, int]:
    width, height = look.size
    return _SUPERSAMPLING * width, _SUPERSAMPLING * height


def _zoomed(rig: Rig) -> np.ndarray:
    zoom = np.diag([_SUPERSAMPLING] * 2 + [1.0])
    return np.asarray(zoom @ rig.intrinsics)
