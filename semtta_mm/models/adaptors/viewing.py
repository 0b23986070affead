"""The camera that filmed a track: known, or guessed from the image."""

from __future__ import annotations

import torch
from torch import Tensor

from ...geometry import (
    guess_intrinsics,
    project_points,
    unproject_points,
)
from ...geometry.pelvis_ray import pelvis_ray_rotation
from ...structures import TrackPrediction
from ..lifters import camera_numbers
from .session import Session


def viewing_intrinsics(session: Session) -> Tensor | None:
    """Intrinsics of the camera that filmed the track ``[T, 3, 3]``, px.

    Those of the track, else a guess from the size of its images; None where
    the track has neither. The losses do not use it: they project with
    :attr:`.Session.intrinsics`.

    Args:
        session: Of the track.
    """
    frames = session.frames
    if session.camera is not None:
        return session.camera
    if frames.intrinsics is not None:
        return frames.intrinsics
    size = frames.image_size
    if size is None:
        return None
    return guess_intrinsics(*size).expand(len(frames), 3, 3)


def pelvis_ray_turn(boxes: Tensor, intrinsics: Tensor) -> Tensor:
    """From a camera's axes to those of the ray through each box's centre.

    Args:
        boxes: Of the person ``[T, 4]`` (x1, y1, x2, y2), px.
        intrinsics: ``[T, 3, 3]``, px.

    Returns:
        Rotation matrices ``[T, 3, 3]``.
    """
    ray = camera_numbers(boxes, intrinsics)
    ray[:, 2] = 1
    return torch.from_numpy(pelvis_ray_rotation(ray.numpy())).to(boxes)


def pelvis_in_camera(found: TrackPrediction, intrinsics: Tensor) -> Tensor:
    """Pelvis of a prediction, as large and at the same place in a camera.

    Args:
        found: The prediction, with joints of ``smpl_24``.
        intrinsics: Of the camera ``[T, 3, 3]``, px.

    Returns:
        ``[T, 3]``, m.
    """
    pelvis = found.joints['smpl_24'][:, :1]
    ray = unproject_points(
        project_points(pelvis, found.intrinsics), intrinsics
    )
    zoom = intrinsics[:, 0, 0] / found.intrinsics[:, 0, 0]
    return (zoom * pelvis[:, 0, 2])[:, None] * ray[:, 0]
