"""A track's detected keypoints, free of its camera."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ...geometry import unproject_points
from ...geometry.translation import robust_translation
from ...structures import SMPLParams
from ..bodies import SMPLBody
from ..lifters import camera_numbers
from .session import Session
from .viewing import pelvis_ray_turn, viewing_intrinsics

NOISE = 0.02
"""Error of a detected keypoint, in sides of the box."""

_NEAREST = 0.3
"""Least depth of a keypoint, m."""

_NEIGHBOURS = 0.5
"""Frames up to this many seconds away have a similar depth."""


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
        rate: Frames per second.
    """

    points: Tensor
    scores: Tensor
    size: Tensor
    convention: str
    rate: float

    def __getitem__(self, frames: slice) -> DetectedRays:
        return DetectedRays(
            self.points[frames],
            self.scores[frames],
            self.size[frames],
            self.convention,
            self.rate,
        )

    def to(self, device: torch.device) -> DetectedRays:
        """The same on another device."""
        return DetectedRays(
            self.points.to(device),
            self.scores.to(device),
            self.size.to(device),
            self.convention,
            self.rate,
        )


def track_rays(session: Session) -> DetectedRays:
    """Detected keypoints of a track.

    The camera that filmed them is used, see :func:`.viewing_intrinsics`,
    whatever camera the losses project with.

    Args:
        session: After a refresh pass.
    """
    frames = session.frames
    boxes = torch.from_numpy(np.asarray(frames.track.boxes)).float()
    viewing = viewing_intrinsics(session)
    camera = session.refreshed.intrinsics if viewing is None else viewing
    rays = unproject_points(frames.keypoints, camera)
    if viewing is not None and session.intrinsics is None:
        # A crop camera looks along the pelvis ray.
        rays = rays @ pelvis_ray_turn(boxes, viewing).mT
    return DetectedRays(
        points=rays[..., :2] / rays[..., 2:],
        scores=session.scores,
        size=camera_numbers(boxes, camera)[:, 2],
        convention=frames.convention,
        rate=frames.track.rate,
    )


@dataclass(frozen=True)
class PlacedBody:
    """A body in front of the camera, where its keypoints fit best.

    Note:
        - frames: T; keypoints: K

    Attributes:
        points: Keypoints relative to the pelvis ``[T, K, 3]``, m.
        joints: SMPL's joints, likewise ``[T, 24, 3]``, m.
        depth: Of the placed keypoints ``[T, K]``, m.
        miss: Their projections minus the detections ``[T, K, 2]``, for a
            focal length of 1.
    """

    points: Tensor
    joints: Tensor
    depth: Tensor
    miss: Tensor


def place_body(
    pose: Tensor, betas: Tensor, body: SMPLBody, rays: DetectedRays
) -> PlacedBody:
    """Place a body by the detected keypoints of each frame.

    Robust to wrong keypoints: a frame's depth is expected to be near that of
    its neighbours. The translation has no gradient.

    Args:
        pose: Rotation matrices ``[T, 24, 3, 3]``, in the axes of ``rays``.
        betas: ``[T, 10]``.
        body: On the device of all tensors.
        rays: Detected keypoints.
    """
    params = SMPLParams.from_pose(pose, betas)
    posed = body(params, False, (rays.convention, 'smpl_24')).keypoints
    pelvis = posed['smpl_24'][:, :1]
    points = posed[rays.convention] - pelvis
    translation = robust_translation(
        points.detach(),
        rays.points,
        rays.scores > 0,
        rays.size,
        NOISE,
        round(_NEIGHBOURS * rays.rate),
    )
    placed = points + translation[:, None]
    depth = placed[..., 2].clamp(min=_NEAREST)
    return PlacedBody(
        points=points,
        joints=posed['smpl_24'] - pelvis,
        depth=depth,
        miss=placed[..., :2] / depth[..., None] - rays.points,
    )
