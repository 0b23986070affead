"""Rotations that the 2D evidence constrains."""

from __future__ import annotations

import torch
from torch import Tensor

from ...conventions import SMPL_JOINTS, keypoint_names

_OBSERVED_BY: dict[str, tuple[str, ...]] = {
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
"""Keypoints of the same side; one of them constrains the joint's rotation."""

_OBSERVED_BY_MIDDLE = {
    'neck': ('nose', 'h36m_nose', 'head_top', 'head'),
    'head': ('nose', 'h36m_nose', 'head_top', 'head'),
}
_TRUNK = ('left_shoulder', 'right_shoulder', 'neck')


def observed_rotations(visible: Tensor, convention: str) -> Tensor:
    """Rotations that visible 2D keypoints constrain.

    A rotation moves the joints below it: the ankle constrains the knee's.
    Where the convention has no keypoint below a joint (an ankle without
    toes), the joint counts as observed where its parent does.

    Args:
        visible: ``[T, K]``, bool.
        convention: Of the keypoints.

    Returns:
        ``[T, 24]``, bool; the root always.
    """
    names = keypoint_names(convention)
    out = torch.ones(len(visible), len(SMPL_JOINTS), dtype=torch.bool)
    for i, joint in enumerate(SMPL_JOINTS[1:], 1):
        found = [names.index(n) for n in _observed_by(joint) if n in names]
        if found:
            out[:, i] = visible[:, found].any(dim=1)
        elif joint.endswith(('ankle', 'foot')):
            out[:, i] = out[:, SMPL_JOINTS.index(f'{_side(joint)}_knee')]
    return out


def observed_with_root(visible: Tensor, convention: str) -> Tensor:
    """Rotations that visible 2D keypoints constrain, the root as well.

    Shoulders and one knee constrain the root: trunk and legs tell its tilt
    from a bend of the hips.

    Args:
        visible: ``[T, K]``, bool.
        convention: Of the keypoints.

    Returns:
        ``[T, 24]``, bool.
    """
    names = keypoint_names(convention)
    out = observed_rotations(visible, convention)
    knees, shoulders = (
        visible[:, [i for i, name in enumerate(names) if name.endswith(end)]]
        for end in ('_knee', '_shoulder')
    )
    out[:, 0] = knees.any(dim=1) & shoulders.any(dim=1)
    return out


def _observed_by(joint: str) -> tuple[str, ...]:
    if joint.startswith('spine'):
        return _TRUNK
    if joint in _OBSERVED_BY_MIDDLE:
        return _OBSERVED_BY_MIDDLE[joint]
    side, _, kind = joint.partition('_')
    return tuple(f'{side}_{name}' for name in _OBSERVED_BY[kind])


def _side(joint: str) -> str:
    return joint.partition('_')[0]
