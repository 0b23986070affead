"""From expected errors of rotations to those of positions."""

from __future__ import annotations

import torch
from torch import Tensor

from ...conventions import SMPL_JOINTS, SMPL_PARENTS, keypoint_names

_FACE = ('nose', 'eye', 'ear', 'head')
_FEET = ('big_toe', 'small_toe', 'heel')


def position_error(
    points: Tensor, joints: Tensor, error: Tensor, convention: str
) -> Tensor:
    """Expected distance of keypoints from their true place, root-relative.

    To the first order, a turn of joint j by a small angle moves a point
    below it by the angle times their distance; turns of different joints are
    taken as independent: ``sigma_k**2 = sum_j (e_j |p_k - p_j|)**2`` over
    the joints j above k.

    Args:
        points: Keypoints ``[T, K, 3]``, m.
        joints: SMPL's joints ``[T, 24, 3]``, m.
        error: Expected errors of the rotations ``[T, 24]``, radians.
        convention: Of the keypoints.

    Returns:
        ``[T, K]``, m.
    """
    above = joints_above(convention).to(points)
    distance = (points[:, :, None] - joints[:, None]).norm(dim=-1)
    moved: Tensor = above * error[:, None] * distance
    return moved.square().sum(dim=-1).sqrt()


def joints_above(convention: str) -> Tensor:
    """Joints whose rotation moves a keypoint ``[K, 24]``, bool."""
    names = keypoint_names(convention)
    out = torch.zeros(len(names), len(SMPL_JOINTS), dtype=torch.bool)
    for k, name in enumerate(names):
        joint, own = _joint_of(name)
        if own:
            out[k, joint] = True
        while SMPL_PARENTS[joint] >= 0:
            joint = SMPL_PARENTS[joint]
            out[k, joint] = True
    return out


def _joint_of(name: str) -> tuple[int, bool]:
    """The joint of a keypoint, and whether its own rotation moves it."""
    if name in SMPL_JOINTS:
        return SMPL_JOINTS.index(name), False
    side = name.partition('_')[0]
    if name.endswith(_FEET):
        return SMPL_JOINTS.index(f'{side}_ankle'), True
    if any(word in name for word in _FACE):
        return SMPL_JOINTS.index('head'), True
    return 0, False
