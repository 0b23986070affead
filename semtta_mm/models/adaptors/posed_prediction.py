"""A track's prediction with other rotations."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from ...geometry import project_points, unproject_points
from ...geometry.translation import fit_translation
from ...structures import SMPLParams, TrackPrediction
from ..bodies import SMPLBody
from .session import Session

_FEWEST = 4
"""Fewest keypoints that a translation is fitted to."""


@torch.no_grad()
def posed_prediction(
    session: Session, body: SMPLBody, pose: Tensor, betas: Tensor
) -> TrackPrediction:
    """The last prediction with another pose and shape.

    The translation is fitted to the detected keypoints; in frames with
    fewer than four it stays. ``camera`` stays the network's.

    Args:
        session: After a refresh pass.
        body: The body, on any device.
        pose: Rotation matrices ``[T, 24, 3, 3]``.
        betas: ``[T, 10]``.
    """
    found, frames = session.refreshed, session.frames
    names = tuple(found.joints)
    params = SMPLParams.from_pose(pose, betas, found.params.transl)
    device = body.v_template.device
    posed = body(params.to(device), False, names).keypoints
    joints = {name: posed[name].cpu() for name in names}
    points = joints[frames.convention]
    rays = unproject_points(frames.keypoints, found.intrinsics)
    seen = frames.scores > 0
    moved = fit_translation(points, rays[..., :2], seen.to(points))
    moved = moved.where(seen.sum(dim=1, keepdim=True) >= _FEWEST, 0)
    assert params.transl is not None
    joints = {name: value + moved[:, None] for name, value in joints.items()}
    return replace(
        found,
        params=replace(params, transl=params.transl + moved),
        joints=joints,
        joints2d=project_points(joints[frames.convention], found.intrinsics),
    )
