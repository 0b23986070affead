"""Motions that are wrong in a known way, the root left as it is.

An alignment loss can only pull on what its space tells apart. These are the
ways in which a frame-wise network fails (no legs, too little swing, shaking)
and the ways in which time can be wrong; the motion-text model learns to rank
the true motion above them, and is measured by how often it does.

All take rotation matrices ``[B, T, 24, 3, 3]`` and a mask ``[B, T]`` bool,
True where a frame is there, and give poses of the same shape.
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
    """Scale the turns of joints about their mean.

    Args:
        pose: See the module.
        mask: See the module.
        factor: ``[B]``; 0 freezes, 1 changes nothing, more exaggerates.
        joints: ``[24]`` or ``[B, 24]`` bool, those that are changed.
    """
    mean = mean_pose(pose, mask)
    turns = roma.rotmat_to_rotvec(mean.mT @ pose)
    scaled = mean @ roma.rotvec_to_rotmat(factor.view(-1, 1, 1, 1) * turns)
    return _only(joints, scaled, pose)


def shuffle(pose: Tensor, mask: Tensor) -> Tensor:
    """Frames in random order, drawn from torch's generator."""
    order = torch.rand(mask.shape, device=pose.device)
    order = order.masked_fill(~mask, 2.0).argsort(1)  # absent frames last
    place = (~mask).to(torch.uint8).argsort(dim=1, stable=True)
    at = torch.empty_like(order).scatter_(1, place, order)
    return _only(_body(pose), _take(pose, at), pose)


def jitter(pose: Tensor, degrees: float | Tensor) -> Tensor:
    """Another small turn of every joint in every frame.

    Args:
        pose: See the module.
        degrees: Standard deviation per axis, a number or ``[B]``.
    """
    angle = torch.as_tensor(degrees, device=pose.device).deg2rad()
    noise = torch.randn(pose.shape[:3] + (3,), device=pose.device)
    turn = roma.rotvec_to_rotmat(noise * angle.view(-1, 1, 1, 1))
    return _only(_body(pose), pose @ turn.to(pose), pose)


def play(pose: Tensor, at: Tensor) -> Tensor:
    """Poses between frames, at positions ``at`` ``[B, N]``, held at the end.

    A mean of the neighbours' matrices made a rotation again: exact enough
    for the small turns between them, and cheap.
    """
    at = at.clamp(0, pose.shape[1] - 1)
    first = at.long()
    end = _take(pose, (first + 1).clamp(max=pose.shape[1] - 1))
    share = (at - first)[..., None, None, None].to(pose)
    return _rotation(_take(pose, first).lerp(end, share))


def slow(pose: Tensor, factor: Tensor) -> Tensor:
    """Play the first frames ``factor`` ``[B]`` times as slowly."""
    at = torch.arange(pose.shape[1], device=pose.device) / factor[:, None]
    return _only(_body(pose), play(pose, at), pose)


def stop(pose: Tensor, frame: Tensor) -> Tensor:
    """Hold the pose of ``frame`` ``[B]`` from there on."""
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
    there = mask[..., None, None, None]
    return _only(_body(pose), torch.where(there, _rotation(mean), pose), pose)


def change(
    pose: Tensor, other: Tensor, mask: Tensor, joints: int = 4
) -> Tensor:
    """How much a motion was changed.

    Args:
        pose: See the module.
        other: What became of it.
        mask: See the module.
        joints: How many of the most changed joints count.

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
    """A rotation near a mean of neighbours; cheap, no SVD."""
    return rot6d_to_matrix(matrix_to_rot6d(matrix, 'columns'), 'columns')
