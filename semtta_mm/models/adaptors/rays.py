"""A track's detected keypoints, free of its camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ...geometry.pelvis_ray import pelvis_ray_rotation
from ..lifters import camera_numbers
from .session import Session


@dataclass(frozen=True)
class DetectedRays:
    """Keypoints as seen by a camera of focal length 1.

    Note:
        - frames: T; keypoints of the convention: K

    Attributes:
        points: ``[T, K, 2]``, in the axes of the estimator's rotations.
        scores: ``[T, K]``, 0 where missing.
        size: Longer side of the person's box ``[T]``.
        convention: Of the keypoints.
    """

    points: Tensor
    scores: Tensor
    size: Tensor
    convention: str

    def __getitem__(self, frames: slice) -> DetectedRays:
        return DetectedRays(
            self.points[frames],
            self.scores[frames],
            self.size[frames],
            self.convention,
        )

    def to(self, device: torch.device) -> DetectedRays:
        """The same on another device."""
        return DetectedRays(
            self.points.to(device),
            self.scores.to(device),
            self.size.to(device),
            self.convention,
        )


def track_rays(session: Session) -> DetectedRays:
    """Detected keypoints of a track.

    A known camera is used, whatever camera the losses project with.

    Args:
        session: After a refresh pass.
    """
    frames = session.frames
    boxes = torch.from_numpy(np.asarray(frames.track.boxes)).float()
    known = frames.intrinsics
    camera = session.refreshed.intrinsics if known is None else known
    ones = torch.ones_like(frames.keypoints[..., :1])
    pixels = torch.cat((frames.keypoints, ones), dim=-1)
    rays = torch.linalg.solve(camera, pixels.mT).mT
    numbers = camera_numbers(boxes, camera)
    if known is not None and session.intrinsics is None:
        # A crop camera looks along the pelvis ray.
        ray = torch.cat((numbers[:, :2], torch.ones(len(boxes), 1)), dim=-1)
        turn = torch.from_numpy(pelvis_ray_rotation(ray.numpy())).float()
        rays = rays @ turn.mT
    return DetectedRays(
        points=rays[..., :2] / rays[..., 2:],
        scores=frames.scores,
        size=numbers[:, 2],
        convention=frames.convention,
    )
