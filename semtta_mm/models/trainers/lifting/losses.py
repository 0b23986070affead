"""Losses of a lifter."""

from __future__ import annotations

import torch
from torch import Tensor

from ....conventions import SMPL_PARENTS
from ....geometry import rotation_angle
from ...bodies.lbs import forward_kinematics
from ...lifters import LiftedWindows

_JOINT_STRIDE = 4
"""Joint positions are compared in every fourth frame."""


def lifter_losses(
    out: LiftedWindows,
    pose: Tensor,
    betas: Tensor,
    mask: Tensor,
    rest: Tensor,
) -> dict[str, Tensor]:
    """Losses by name, without weights.

    Args:
        out: Of the network.
        pose: True rotation matrices ``[B, T, 24, 3, 3]``.
        betas: True shapes ``[B, 10]``.
        mask: Valid frames ``[B, T]``, bool.
        rest: Rest joints of the body ``[24, 3]``, m.

    Returns:
        ``root`` and ``local``: mean absolute difference of matrices.
        ``joints``: of joints relative to the pelvis, m. ``speed``: of the
        change of matrices from frame to frame. ``error``: negative
        log-likelihood of the angles under an exponential distribution with
        the predicted mean. ``betas``: mean absolute difference.
    """
    weight = mask.to(pose)
    distance = (out.pose - pose).abs().mean(dim=(-1, -2))
    steps = (out.pose.diff(dim=1) - pose.diff(dim=1)).abs().mean(dim=(2, 3, 4))
    start = int(torch.randint(_JOINT_STRIDE, ()))
    some = slice(start, None, _JOINT_STRIDE)
    joints = joint_distance(out.pose[:, some], pose[:, some], rest)
    return {
        'root': _mean(distance[..., 0], weight),
        'local': _mean(distance[..., 1:].mean(dim=-1), weight),
        'joints': _mean(joints, weight[:, some]),
        'speed': _mean(steps, weight[:, 1:]),
        'error': _mean(error_likelihood(out, pose), weight),
        'betas': (out.betas - betas).abs().mean(),
    }


def error_likelihood(out: LiftedWindows, pose: Tensor) -> Tensor:
    """``log e + angle / e`` with the predicted error e ``[B, T]``.

    Its minimum over e is the expected angle. The angle has no gradient: the
    pose is trained by the other losses only.
    """
    angle = rotation_angle(out.pose.detach(), pose)
    return (out.log_error + angle * (-out.log_error).exp()).mean(dim=-1)


def joint_distance(pose: Tensor, target: Tensor, rest: Tensor) -> Tensor:
    """Mean difference of joints relative to the pelvis ``[B, T]``, m.

    Args:
        pose: Rotation matrices ``[B, T, 24, 3, 3]``.
        target: The same of the truth.
        rest: Rest joints ``[24, 3]``, m.
    """
    first, second = (joints_of(values, rest) for values in (pose, target))
    return (first - second).abs().mean(dim=(-1, -2))


def joints_of(pose: Tensor, rest: Tensor) -> Tensor:
    """Joints relative to the pelvis ``[B, T, 24, 3]``, m."""
    flat = pose.flatten(0, 1)
    rests = rest.to(pose).expand(len(flat), -1, -1)
    joints = forward_kinematics(flat, rests, SMPL_PARENTS)[1]
    return (joints - joints[:, :1]).reshape(*pose.shape[:3], 3)


def _mean(values: Tensor, weight: Tensor) -> Tensor:
    return (values * weight).sum() / weight.sum().clamp(min=1)
