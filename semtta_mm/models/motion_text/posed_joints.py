"""Joints of motions in the format of HumanML3D (Guo et al., CVPR 2022).

22 joints at 20 fps, y up, on the floor, starting at the origin and facing z.
All operations are linear or smooth, so gradients reach the rotations.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ...conventions import NUM_BETAS, NUM_JOINTS, SMPL_JOINTS, SMPL_PARENTS
from ...geometry.resampling import MOTION_RATE, frame_positions
from ...registry import MODELS
from ...structures import SMPLParams
from ..bodies.lbs import forward_kinematics

COUNT = 22
"""Joints of HumanML3D: SMPL's without the hands."""

FPS = 20.0
"""Rate of HumanML3D, Hz."""

_SIDES = ('right_hip', 'left_hip', 'right_shoulder', 'left_shoulder')


def rest_joints(body: dict) -> Tensor:
    """Rest-pose joints of a body's mean shape ``[24, 3]``, m.

    Args:
        body: Config of the body.
    """
    eye = torch.eye(3).expand(1, NUM_JOINTS, 3, 3)
    params = SMPLParams.from_pose(eye, torch.zeros(1, NUM_BETAS))
    return MODELS.build(body).joints_only(params)[0].detach()


def posed_joints(
    pose: Tensor, mask: Tensor, rest: Tensor, z_up: bool
) -> tuple[Tensor, Tensor]:
    """Joints of a skeleton in motion; the pelvis is fixed.

    Args:
        pose: Rotation matrices ``[B, T, 24, 3, 3]`` at 30 fps.
        mask: Valid frames ``[B, T]``, bool; they come first. Values of other
            frames are ignored.
        rest: Rest-pose joints ``[24, 3]``, m.
        z_up: Whether the world has z up instead of y up.

    Returns:
        Joints ``[B, N, 22, 3]``, m, y up, at 20 fps; and the valid frames
        among them ``[B, N]``, bool.
    """
    # NaN of an invalid frame would pass through as 0 * NaN.
    eye = torch.eye(3, dtype=pose.dtype, device=pose.device)
    pose = torch.where(mask[..., None, None, None], pose, eye)
    flat = pose.flatten(0, 1)
    bones = rest.to(pose).expand(len(flat), -1, -1)
    joints = forward_kinematics(flat, bones, SMPL_PARENTS)[1]
    joints = joints.unflatten(0, pose.shape[:2])[:, :, :COUNT]
    if z_up:
        x, y, z = joints.unbind(-1)
        joints = torch.stack((x, z, -y), dim=-1)
    at = frame_positions(pose.shape[1], MOTION_RATE, FPS).to(pose.device)
    return sample_points(joints, at), mask[:, at.ceil().long()]


def sample_points(points: Tensor, at: Tensor) -> Tensor:
    """Points at fractional frames.

    Args:
        points: ``[B, T, J, 3]``.
        at: Positions ``[N]`` in 0 to T - 1.

    Returns:
        ``[B, N, J, 3]``.
    """
    low = at.floor().long()
    high = (low + 1).clamp(max=points.shape[1] - 1)
    share = (at - low).to(points)[:, None, None]
    return torch.lerp(points[:, low], points[:, high], share)


def stand_and_face(joints: Tensor, mask: Tensor) -> Tensor:
    """Transform to HumanML3D's coordinate frame.

    On the floor, starting at the origin, facing z.

    Args:
        joints: ``[B, T, 22, 3]``, m, y up.
        mask: Valid frames ``[B, T]``, bool; they come first.

    Returns:
        ``[B, T, 22, 3]``, m.
    """
    height = joints[..., 1].masked_fill(~mask[..., None], float('inf'))
    floor = height.flatten(1).amin(1)
    start = joints[:, 0, 0]
    origin = torch.stack((start[:, 0], floor, start[:, 2]), dim=-1)
    centred = joints - origin[:, None, None]
    return centred @ _to_front(joints[:, 0])[:, None].mT


def _to_front(joints: Tensor) -> Tensor:
    """Rotations about y so that bodies ``[B, 22, 3]`` face z ``[B, 3, 3]``."""
    at = {name: joints[:, SMPL_JOINTS.index(name)] for name in _SIDES}
    across = at['right_hip'] - at['left_hip']
    across = across + at['right_shoulder'] - at['left_shoulder']
    # Forward is y cross that, on the floor.
    forward = torch.stack((across[:, 2], -across[:, 0]), dim=-1)
    x, z = nn.functional.normalize(forward, dim=-1).unbind(-1)
    zero, one = torch.zeros_like(x), torch.ones_like(x)
    rows = (z, zero, -x, zero, one, zero, x, zero, z)
    return torch.stack(rows, dim=-1).unflatten(-1, (3, 3))
