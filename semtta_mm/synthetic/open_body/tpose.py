"""From anny's rest pose (arms hang, legs apart) to SMPL's T-pose."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...conventions import SMPL_JOINTS, SMPL_PARENTS
from .source import Bodies

# Legs slightly apart, as in SMPL's template: 0.04 to the side per unit down.
_THIGH = (0.04, -1.0, 0.0)
_SHIN = (0.0, -1.0, 0.0)
_ARM = (1.0, 0.0, 0.0)
# Joint, the joint its bone points to, target direction (left side).
_BONES = (
    ('shoulder', 'elbow', _ARM),
    ('elbow', 'wrist', _ARM),
    ('wrist', 'hand', _ARM),
    ('hip', 'knee', _THIGH),
    ('knee', 'ankle', _SHIN),
)


def rotation_between(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Smallest rotation that takes one direction to another.

    Args:
        start: ``[N, 3]``, any length, not opposite to ``end``.
        end: ``[3]``.

    Returns:
        ``[N, 3, 3]``.
    """
    a = start / np.linalg.norm(start, axis=-1, keepdims=True)
    b = np.broadcast_to(end / np.linalg.norm(end), a.shape)
    v, zero = np.cross(a, b), np.zeros(len(a))
    x, y, z = v.T
    cross = np.stack([zero, -z, y, z, zero, -x, -y, x, zero], axis=-1)
    cross = cross.reshape(-1, 3, 3)
    cosine = (a * b).sum(-1)[:, None, None]
    return np.eye(3) + cross + cross @ cross / (1 + cosine)


def _world_rotations(joints: np.ndarray) -> np.ndarray:
    """World rotation of each body part to the T-pose ``[N, 24, 3, 3]``."""
    rotations = np.tile(np.eye(3), (*joints.shape[:2], 1, 1))
    for side, sign in (('left', 1.0), ('right', -1.0)):
        for name, child, direction in _BONES:
            j = SMPL_JOINTS.index(f'{side}_{name}')
            k = SMPL_JOINTS.index(f'{side}_{child}')
            target = np.array(direction) * [sign, 1, 1]
            rotations[:, j] = rotation_between(
                joints[:, k] - joints[:, j], target
            )
        hand = SMPL_JOINTS.index(f'{side}_hand')
        rotations[:, hand] = rotations[:, hand - 2]
    return rotations


def to_t_pose(bodies: Bodies, weights: np.ndarray) -> Bodies:
    """Straighten arms and legs by linear blend skinning.

    Args:
        bodies: Sampled bodies.
        weights: Skinning weights ``[V, 24]``.

    Returns:
        The bodies in T-pose, the pelvis joint at the origin.
    """
    rotations = _world_rotations(bodies.joints)
    joints = bodies.joints.copy()
    for j, parent in enumerate(SMPL_PARENTS):
        if parent >= 0:
            bone = bodies.joints[:, j] - bodies.joints[:, parent]
            joints[:, j] = joints[:, parent] + np.einsum(
                'nij,nj->ni', rotations[:, parent], bone
            )
    vertices = np.zeros_like(bodies.vertices)
    for j in range(len(SMPL_JOINTS)):
        v = np.nonzero(weights[:, j])[0]
        moved = bodies.vertices[:, v] - bodies.joints[:, j, None]
        moved = moved @ rotations[:, j].swapaxes(1, 2) + joints[:, j, None]
        vertices[:, v] += weights[v, j, None] * moved
    wrist = SMPL_JOINTS.index('left_wrist')
    knuckles = bodies.knuckles - bodies.joints[:, wrist, None]
    knuckles = knuckles @ rotations[:, wrist].swapaxes(1, 2)
    knuckles += joints[:, wrist, None]
    origin = joints[:, :1].copy()
    return replace(
        bodies,
        vertices=vertices - origin,
        joints=joints - origin,
        knuckles=knuckles - origin,
    )
