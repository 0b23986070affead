"""Training input of a lifter: motions filmed by random cameras."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ....conventions import NUM_BETAS
from ....structures import SMPLParams
from ...adaptors.observed_rotations import observed_rotations
from ...bodies import SMPLBody
from ...lifters import CONVENTION, LifterEvidence, camera_numbers
from .detections import redefine, simulate_boxes, simulate_detections
from .estimates import simulate_estimates
from .missing import (
    draw_missing,
    draw_patterns,
    is_occlusion,
    keypoints_of,
)
from .views import Views, sample_views

_MOST_BETAS = 3.0
_NEAREST = 0.3
"""Least depth of a keypoint, m."""


@dataclass(frozen=True)
class FilmedWindows:
    """Evidence with its truth.

    Note:
        - windows: B; frames of a window: T

    Attributes:
        evidence: As at test time.
        pose: True rotation matrices ``[B, T, 24, 3, 3]``, the root in the
            axes of the pelvis ray.
        betas: True shapes ``[B, 10]``.
        pattern: :class:`~.missing.Pattern` of each window ``[B]``.
        hidden: Rotations that no keypoint constrains ``[B, T, 24]``, bool.
    """

    evidence: LifterEvidence
    pose: Tensor
    betas: Tensor
    pattern: Tensor
    hidden: Tensor


@torch.no_grad()
def film(
    body: SMPLBody,
    pose: Tensor,
    mask: Tensor,
    estimate_share: float = 0.5,
    camera_share: float = 0.5,
) -> FilmedWindows:
    """Film motions, each by its own camera.

    Args:
        body: Gives the keypoints.
        pose: Rotation matrices ``[B, T, 24, 3, 3]``, y up.
        mask: Valid frames ``[B, T]``, bool.
        estimate_share: Share of windows with an estimator's rotations.
        camera_share: Share of windows with a known camera.
    """
    size, frames = mask.shape
    device = pose.device
    views = sample_views(size, device)
    root = (views.to_ray @ views.to_camera)[:, None] @ pose[:, :, 0]
    pose = torch.cat((root[:, :, None], pose[:, :, 1:]), dim=2)
    betas = 1.3 * torch.randn(size, NUM_BETAS, device=device)
    betas = betas.clamp(-_MOST_BETAS, _MOST_BETAS)
    params = SMPLParams.from_pose(
        pose.flatten(0, 1), betas.repeat_interleave(frames, 0)
    )
    points = body(params, False, (CONVENTION,)).keypoints[CONVENTION]
    points = points.reshape(size, frames, -1, 3)
    points = points - points[:, :, keypoints_of('hip')].mean(2, keepdim=True)
    true = project(points, views)
    pattern = draw_patterns(size)
    missing = draw_missing(pattern, true).to(device)
    seen = project(redefine(points, root), views)
    found = simulate_detections(seen, points[..., 2], missing, mask)
    boxes = simulate_boxes(true, found)
    observed = observed_rotations(
        (found.scores > 0).flatten(0, 1).cpu(), CONVENTION
    )
    hidden = ~observed.reshape(size, frames, -1).to(device)
    known = torch.rand(size, device=device) < estimate_share
    # A detector's gaps are no gaps of the picture.
    covered = hidden & is_occlusion(pattern).to(device)[:, None, None]
    estimate = pose.clone()
    estimate[known] = simulate_estimates(pose[known], covered[known])
    evidence = LifterEvidence(
        keypoints=found.points,
        scores=found.scores,
        boxes=boxes,
        valid=mask,
        camera=camera_numbers(boxes, torch.eye(3).to(boxes)),
        camera_known=torch.rand(size, device=device) < camera_share,
        estimate=estimate,
        estimate_known=known,
    )
    return FilmedWindows(evidence, pose, betas, pattern, hidden)


def project(points: Tensor, views: Views) -> Tensor:
    """Image coordinates of points about the pelvis, for a focal length of 1.

    Args:
        points: ``[B, T, K, 3]``, m, relative to the pelvis, axes of the ray.
        views: Of the windows.

    Returns:
        ``[B, T, K, 2]``.
    """
    ahead = torch.zeros_like(points)
    ahead[..., 2] = views.distance[:, None, None]
    turned = (points + ahead) @ views.to_ray[:, None]  # by its transpose
    return turned[..., :2] / turned[..., 2:].clamp(min=_NEAREST)
