"""Which rotations the 2D evidence says something about."""

from __future__ import annotations

import torch
from torch import Tensor

from ...conventions import SMPL_JOINTS, keypoint_names

_SHOWN_BY: dict[str, tuple[str, ...]] = {
    'hip': ('knee',),
    'knee': ('ankle',),
    'ankle': ('big_toe', 'foot'),
    'foot': ('big_toe', 'foot'),
    'collar': ('shoulder',),
    'shoulder': ('elbow',),
    'elbow': ('wrist',),
    'wrist': ('wrist',),
    'hand': ('wrist',),
}
"""Keypoints of the same side of which one shows a limb joint's rotation."""

_SHOWN_BY_MIDDLE = {
    'neck': ('nose', 'h36m_nose', 'head_top', 'head'),
    'head': ('nose', 'h36m_nose', 'head_top', 'head'),
}
_TRUNK = ('left_shoulder', 'right_shoulder', 'neck')


def seen_rotations(visible: Tensor, convention: str) -> Tensor:
    """Rotations that 2D keypoints say something about.

    A rotation moves what hangs on the joint: a knee's is seen by the ankle.
    One that no keypoint of the convention could show counts as seen where
    its parent's does: an ankle where there are no toes.

    Args:
        visible: ``[T, K]``, bool.
        convention: Of the keypoints.

    Returns:
        ``[T, 24]``, bool; the root always.
    """
    names = keypoint_names(convention)
    out = torch.ones(len(visible), len(SMPL_JOINTS), dtype=torch.bool)
    for i, joint in enumerate(SMPL_JOINTS[1:], 1):
        shown = [names.index(n) for n in _shown_by(joint) if n in names]
        if shown:
            out[:, i] = visible[:, shown].any(dim=1)
        elif joint.endswith(('ankle', 'foot')):
            out[:, i] = out[:, SMPL_JOINTS.index(f'{_side(joint)}_knee')]
    return out


def _shown_by(joint: str) -> tuple[str, ...]:
    if joint.startswith('spine'):
        return _TRUNK
    if joint in _SHOWN_BY_MIDDLE:
        return _SHOWN_BY_MIDDLE[joint]
    side, _, kind = joint.partition('_')
    return tuple(f'{side}_{name}' for name in _SHOWN_BY[kind])


def _side(joint: str) -> str:
    return joint.partition('_')[0]
