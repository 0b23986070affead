"""Errors of perturbed limbs, with and without their phase."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ..conventions import NUM_BETAS, SMPL_PARENTS
from ..evaluation.functional.position import MM_PER_M
from ..geometry import rotation_angle
from ..models.bodies import SMPLBody
from ..structures import SMPLParams


@dataclass(frozen=True)
class Measures:
    """Measures of each window ``[N]``.

    Attributes:
        rotation_deg: Mean angle of the perturbed joints to the truth.
        mpjpe_mm: Mean distance of their child joints to the truth,
            relative to the pelvis of an upright mean body.
        spread_mm: RMS of those positions about their mean in time: amount of
            motion, independent of its phase; jitter increases it.
    """

    rotation_deg: Tensor
    mpjpe_mm: Tensor
    spread_mm: Tensor


def measure(
    pose: Tensor, truth: Tensor, mask: Tensor, joints: Tensor
) -> Measures:
    """Compare windows.

    Args:
        pose: Rotation matrices ``[N, T, 24, 3, 3]``.
        truth: True rotation matrices, same shape.
        mask: Valid frames ``[N, T]`` bool.
        joints: The perturbed joints ``[24]`` bool.
    """
    angle = rotation_angle(pose, truth)[:, :, joints].rad2deg()
    places, goal = (limb_positions(x, joints) for x in (pose, truth))
    apart = torch.linalg.vector_norm(places - goal, dim=-1)
    return Measures(
        _over_frames(angle.mean(2), mask),
        _over_frames(apart.mean(2), mask) * MM_PER_M,
        _spread(places, mask) * MM_PER_M,
    )


def towards(start: Tensor, found: Tensor, truth: Tensor) -> Tensor:
    """Whether a motion was changed in the direction of the truth.

    Args:
        start: Rotation matrices ``[N, T, 24, 3, 3]``.
        found: The changed motion.
        truth: The true motion.

    Returns:
        Cosine of the two changes ``[N]``; 0 if there is no change.
    """
    moved, wanted = ((x - start).flatten(1) for x in (found, truth))
    return torch.cosine_similarity(moved, wanted)


def limb_positions(pose: Tensor, joints: Tensor) -> Tensor:
    """Positions of the children of some joints.

    Args:
        pose: ``[N, T, 24, 3, 3]``; the root is set upright.
        joints: ``[24]`` bool.

    Returns:
        ``[N, T, C, 3]``, m, about the pelvis.
    """
    flat = pose.flatten(0, 1).clone()
    flat[:, 0] = torch.eye(3)  # the root is not measured
    betas = pose.new_zeros(len(flat), NUM_BETAS)
    places = SMPLBody().joints_only(SMPLParams.from_pose(flat, betas))
    moved = [p >= 0 and bool(joints[p]) for p in SMPL_PARENTS]
    relative = (places - places[:, :1])[:, moved]
    return relative.unflatten(0, pose.shape[:2])


def _over_frames(values: Tensor, mask: Tensor) -> Tensor:
    """Means ``[N]`` of ``[N, T]`` over the valid frames."""
    return (values * mask).sum(1) / mask.sum(1)


def _spread(places: Tensor, mask: Tensor) -> Tensor:
    """RMS about the mean in time ``[N]`` of ``[N, T, C, 3]``."""
    weight = mask[:, :, None, None].to(places)
    mean = (places * weight).sum(1, keepdim=True)
    away = places - mean / weight.sum(1, keepdim=True)
    return _over_frames(away.square().sum(3).mean(2), mask).sqrt()
