"""HumanML3D's 263 features of a motion, differentiably.

Guo et al., "Generating Diverse and Natural 3D Human Motions from Text", CVPR
2022. Their code (``motion_representation.ipynb``, ``common/skeleton.py`` of
EricGuo5513/HumanML3D, MIT) works on numpy quaternions. This is a new
implementation of the same features, with the following details of their code,
since networks were trained on them:

- inverse and forward kinematics onto one skeleton keep the directions of the
  bones and change their lengths only;
- the heading is that of the shoulders *minus* the hips (left and right hip
  are swapped there), smoothed over time; in the first frame it is zero;
- each bone's rotation is the shortest from a fixed axis, relative to the
  parent's; that of the collars is relative to the heading.

======= ======== ====================================================
columns per      meaning
======= ======== ====================================================
1       frame    half the change of the heading, radians
2       frame    velocity of the root along x and z, m per frame
1       frame    height of the root, m
63      21 x 3   joints relative to the root on the floor and heading, m
126     21 x 6   rotations of bones, first two columns
66      22 x 3   velocities relative to the heading, m per frame
4       feet     1 where ankle or toes are still: left two, right two
======= ======== ====================================================
"""

from __future__ import annotations

import roma
import torch
from torch import Tensor, nn

from ...conventions import SMPL_JOINTS, SMPL_PARENTS
from ...geometry import matrix_to_rot6d
from .posed_joints import COUNT, stand_and_face

SIZE = 263
"""Features of a frame."""

_AXES = (
    *('x', '-x', 'y', '-y', '-y', 'y', '-y', '-y', 'y', 'z', 'z', 'y'),
    *('x', '-x', 'z', '-y', '-y', '-y', '-y', '-y', '-y'),
)
"""Directions of the bones to joints 1 to 21 without rotation."""

_PARENTS = list(SMPL_PARENTS[1:COUNT])
_ABOUT = [0 if j in (13, 14) else p for j, p in enumerate(_PARENTS, 1)]
"""Joint that a bone's rotation is relative to; 0 is the heading."""

_FEET = [7, 10, 8, 11]
_LEG = [5 - 1, 8 - 1]
"""Bones to the right knee and ankle, which give the body size."""

_RESTING = 0.002
"""Largest squared step of a still foot, m^2, at 20 fps."""

_SIGMA, _RADIUS = 20, 80
_NEAR = 1e-3
"""Bones within this angle (rad) of the opposite axis are ambiguous."""


def joint_features(joints: Tensor, mask: Tensor, skeleton: Tensor) -> Tensor:
    """Features of motions.

    Args:
        joints: ``[B, T, 22, 3]``, m, y up, at 20 fps.
        mask: Valid frames ``[B, T]``, bool; they come first, at least two.
        skeleton: Joints of HumanML3D's reference body ``[22, 3]``, m, in any
            pose.

    Returns:
        ``[B, T - 1, 263]``; valid where the next frame is valid. The columns
        of the feet have no gradient.
    """
    joints = stand_and_face(as_skeleton(joints, skeleton), mask)
    heading = _heading(joints, mask)
    turn = roma.unitquat_to_rotmat(heading)
    step = joints[:, 1:] - joints[:, :-1]
    now = turn[:, :-1, None]
    root = joints[:, :, :1]
    on_floor = root * root.new_tensor((1, 0, 1))
    parts = (
        _half_turn(heading),
        (turn[:, 1:] @ step[:, :, 0, :, None])[..., (0, 2), 0],
        root[:, :-1, 0, 1:2],
        _turned(now, (joints - on_floor)[:, :-1, 1:]),
        _rotations(joints, turn)[:, :-1].flatten(2),
        _turned(now, step),
        (step[:, :, _FEET].square().sum(-1) < _RESTING).to(step),
    )
    return torch.cat(parts, dim=-1)


def as_skeleton(joints: Tensor, skeleton: Tensor) -> Tensor:
    """Change the bone lengths of joints to those of a skeleton.

    Args:
        joints: ``[B, T, 22, 3]``, m.
        skeleton: ``[22, 3]``, m.

    Returns:
        ``[B, T, 22, 3]``, m; the root's path is scaled as the legs are.
    """
    bones = joints[:, :, 1:] - joints[:, :, _PARENTS]
    length = bones.norm(dim=-1, keepdim=True)
    wanted = (skeleton[1:] - skeleton[_PARENTS]).norm(dim=-1).to(joints)
    scale = wanted[_LEG].sum() / length[:, 0, _LEG, 0].sum(-1)
    moved = [joints[:, :, 0] * scale[:, None, None]]
    steps = bones / length.clamp(min=1e-8) * wanted[:, None]
    for bone, parent in enumerate(_PARENTS):
        moved.append(moved[parent] + steps[:, :, bone])
    return torch.stack(moved, dim=2)


def _turned(turn: Tensor, points: Tensor) -> Tensor:
    """Rotate points ``[B, T, J, 3]`` and flatten to ``[B, T, 3 J]``."""
    return (turn @ points[..., None])[..., 0].flatten(2)


def _heading(joints: Tensor, mask: Tensor) -> Tensor:
    """Quaternions that remove the heading ``[B, T, 4]``, xyzw."""
    left, right = (
        joints[:, :, SMPL_JOINTS.index(f'{side}_hip')]
        - joints[:, :, SMPL_JOINTS.index(f'{side}_shoulder')]
        for side in ('left', 'right')
    )
    across = nn.functional.normalize(left - right, dim=-1)
    forward = torch.stack(
        (across[..., 2], torch.zeros_like(across[..., 0]), -across[..., 0]),
        dim=-1,
    )
    forward = nn.functional.normalize(_smooth(forward, mask), dim=-1)
    front = forward.new_tensor((0, 0, 1)).expand_as(forward)
    still = forward.new_tensor((0, 0, 0, 1)).expand(len(forward), 1, 4)
    return torch.cat((still, _between(forward, front)[:, 1:]), dim=1)


def _smooth(values: Tensor, mask: Tensor) -> Tensor:
    """Gaussian mean over time of ``[B, T, 3]``; the ends are repeated."""
    offset = torch.arange(-_RADIUS, _RADIUS + 1, device=values.device)
    weight = torch.exp(-0.5 * (offset / _SIGMA) ** 2)
    weight = (weight / weight.sum()).to(values)
    time = torch.arange(values.shape[1], device=values.device)
    last = mask.sum(1) - 1
    at = (time[:, None] + offset).expand(len(values), -1, -1)
    at = at.clamp(min=0).minimum(last[:, None, None])
    batch = torch.arange(len(values), device=values.device)
    return torch.einsum(
        'k,btkd->btd', weight, values[batch[:, None, None], at]
    )


def _between(start: Tensor, end: Tensor) -> Tensor:
    """Shortest rotations of unit vectors onto others ``[..., 4]``, xyzw."""
    real = 1 + (start * end).sum(-1, keepdim=True)
    quaternion = torch.cat((torch.linalg.cross(start, end), real), dim=-1)
    return nn.functional.normalize(quaternion, dim=-1, eps=_NEAR)


def _half_turn(heading: Tensor) -> Tensor:
    """Half the angle from frame to frame ``[B, T - 1, 1]``, radians."""
    before = roma.quat_conjugation(heading[:, :-1])
    sine = roma.quat_product(heading[:, 1:], before)[..., 1:2]
    return torch.asin(sine.clamp(-1 + 1e-6, 1 - 1e-6))


def _rotations(joints: Tensor, turn: Tensor) -> Tensor:
    """Rotations of bones relative to their parents ``[B, T, 21, 6]``."""
    bones = joints[:, :, 1:] - joints[:, :, _PARENTS]
    unit = nn.functional.normalize(bones, dim=-1)
    axes = _axes().to(unit).expand_as(unit)
    world = roma.unitquat_to_rotmat(_between(axes, unit))
    about = torch.cat((turn[:, :, None], world), dim=2)[:, :, _ABOUT]
    return matrix_to_rot6d(about.mT @ world, 'columns')


def _axes() -> Tensor:
    """:data:`_AXES` as unit vectors ``[21, 3]``."""
    eye = dict(zip('xyz', torch.eye(3), strict=True))
    return torch.stack(
        [-eye[a[1]] if a.startswith('-') else eye[a] for a in _AXES]
    )
