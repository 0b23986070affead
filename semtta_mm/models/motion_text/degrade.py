"""Degraded motions with known errors; the root is not changed.

An alignment loss only corrects errors that the motion-text model
distinguishes. These are typical errors of a frame-wise network (still legs,
small amplitude, jitter) and errors in timing. The motion-text model is trained
to rank the true motion above them, and the evaluation is how often it does.

All functions take rotation matrices ``[B, T, 24, 3, 3]`` and the mask of
valid frames ``[B, T]``, bool, and return poses of the same shape.
"""

from __future__ import annotations

import roma
import torch
from torch import Tensor, nn

from ...conventions import NUM_JOINTS, SMPL_JOINTS
from ...geometry import (
    matrix_to_rot6d,
    project_to_rotation,
    rot6d_to_matrix,
    rotation_angle,
)

_LEG_WORDS = ('hip', 'knee', 'ankle', 'foot')
_ARM_WORDS = ('collar', 'shoulder', 'elbow', 'wrist', 'hand')


def body_part(name: str) -> Tensor:
    """Joints of a part.

    Args:
        name: ``'legs'``, ``'arms'`` or ``'body'`` (all but the root).

    Returns:
        ``[24]`` bool.
    """
    if name == 'body':
        return torch.arange(NUM_JOINTS) > 0
    words = {'legs': _LEG_WORDS, 'arms': _ARM_WORDS}[name]
    found = [any(word in joint for word in words) for joint in SMPL_JOINTS]
    return torch.tensor(found)


def mean_pose(pose: Tensor, mask: Tensor) -> Tensor:
    """Mean rotation of each joint over the frames ``[B, 1, 24, 3, 3]``."""
    weight = mask[..., None, None, None].to(pose)
    mean = (pose * weight).sum(1, keepdim=True)
    return project_to_rotation(mean / weight.sum(1, keepdim=True))


def damp(pose: Tensor, mask: Tensor, factor: Tensor, joints: Tensor) -> Tensor:
    """Scale the rotations of joints relative to their mean.

    Args:
        pose: See the module.
        mask: See the module.
        factor: ``[B]``; 0 freezes, 1 changes nothing, > 1 exaggerates.
        joints: Joints to change, ``[24]`` or ``[B, 24]``, bool.
    """
    mean = mean_pose(pose, mask)
    turns = roma.rotmat_to_rotvec(mean.mT @ pose)
    scaled = mean @ roma.rotvec_to_rotmat(factor.view(-1, 1, 1, 1) * turns)
    return _only(joints, scaled, pose)


def shuffle(pose: Tensor, mask: Tensor) -> Tensor:
    """Frames in random order, drawn from torch's generator."""
    order = torch.rand(mask.shape, device=pose.device)
    order = order.masked_fill(~mask, 2.0).argsort(1)  # invalid frames last
    place = (~mask).to(torch.uint8).argsort(dim=1, stable=True)
    at = torch.empty_like(order).scatter_(1, place, order)
    return _only(_body(pose), _take(pose, at), pose)


def jitter(pose: Tensor, degrees: float | Tensor) -> Tensor:
    """Independent small rotations of every joint in every frame.

    Args:
        pose: See the module.
        degrees: Standard deviation per axis, a number or ``[B]``.
    """
    angle = torch.as_tensor(degrees, device=pose.device).deg2rad()
    noise = torch.randn(pose.shape[:3] + (3,), device=pose.device)
    turn = roma.rotvec_to_rotmat(noise * angle.view(-1, 1, 1, 1))
    return _only(_body(pose), pose @ turn.to(pose), pose)


def play(pose: Tensor, at: Tensor) -> Tensor:
    """Poses at fractional frames ``at`` ``[B, N]``, held at the end.

    The mean of the neighbours' matrices, orthonormalised: accurate enough for
    small rotations between frames, and fast.
    """
    at = at.clamp(0, pose.shape[1] - 1)
    first = at.long()
    end = _take(pose, (first + 1).clamp(max=pose.shape[1] - 1))
    share = (at - first)[..., None, None, None].to(pose)
    return _rotation(_take(pose, first).lerp(end, share))


def slow(pose: Tensor, factor: Tensor) -> Tensor:
    """Slow the motion down by ``factor`` ``[B]``; the end is cut off."""
    at = torch.arange(pose.shape[1], device=pose.device) / factor[:, None]
    return _only(_body(pose), play(pose, at), pose)


def stop(pose: Tensor, frame: Tensor) -> Tensor:
    """Hold the pose of ``frame`` ``[B]`` in all later frames."""
    at = torch.arange(pose.shape[1], device=pose.device)
    held = _take(pose, torch.minimum(at, frame[:, None]))
    return _only(_body(pose), held, pose)


def smooth(pose: Tensor, mask: Tensor, width: int) -> Tensor:
    """Running mean over ``width`` frames, an odd number."""
    weight = mask[:, None].to(pose)
    flat = pose.flatten(2).mT * weight
    pad = width // 2
    summed = nn.functional.avg_pool1d(flat, width, 1, pad)
    count = nn.functional.avg_pool1d(weight, width, 1, pad)
    mean = (summed / count.clamp(min=1e-6)).mT.reshape(pose.shape)
    valid = mask[..., None, None, None]
    return _only(_body(pose), torch.where(valid, _rotation(mean), pose), pose)


def change(
    pose: Tensor, other: Tensor, mask: Tensor, joints: int = 4
) -> Tensor:
    """Amount of change of a motion.

    Args:
        pose: See the module.
        other: The changed motion.
        mask: See the module.
        joints: Number of the most changed joints that are averaged.

    Returns:
        ``[B]``, mean angle over frames of those joints, degrees.
    """
    angle = rotation_angle(pose, other).rad2deg()
    weight = mask[..., None].to(angle)
    mean = (angle * weight).sum(1) / weight.sum(1)
    return mean.topk(joints, dim=1).values.mean(1)


def _body(pose: Tensor) -> Tensor:
    return body_part('body').to(pose.device)


def _only(joints: Tensor, changed: Tensor, pose: Tensor) -> Tensor:
    """``changed`` at ``joints`` ``[24]`` or ``[B, 24]``, else ``pose``."""
    chosen = joints.to(pose.device).view(-1, 1, NUM_JOINTS, 1, 1)
    return torch.where(chosen, changed, pose)


def _take(pose: Tensor, at: Tensor) -> Tensor:
    """Frames ``at`` ``[B, T]``."""
    return pose[torch.arange(len(pose), device=pose.device)[:, None], at]


def _rotation(matrix: Tensor) -> Tensor:
    """A rotation near a mean of neighbours; fast, without SVD."""
    return rot6d_to_matrix(matrix_to_rot6d(matrix, 'columns'), 'columns')
