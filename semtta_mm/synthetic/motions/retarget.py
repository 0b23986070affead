"""Retargeting of a captured skeleton to SMPL, by limb directions.

A bone of the source and the same bone of SMPL have different directions at
rest. The world rotation of the source joint, times the smallest rotation from
SMPL's rest direction to the source's, gives the SMPL limb the direction of the
captured limb; the twist about the limb is that of the source.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ...conventions import NUM_JOINTS, SMPL_JOINTS, SMPL_PARENTS

LIMBS: dict[str, str] = {
    f'{side}_{joint}': f'{side}_{child}'
    for side in ('left', 'right')
    for joint, child in (
        ('hip', 'knee'),
        ('knee', 'ankle'),
        ('ankle', 'foot'),
        ('shoulder', 'elbow'),
        ('elbow', 'wrist'),
    )
}
"""SMPL joints whose bone is retargeted, and the bone's other end."""


@dataclass(frozen=True)
class Skeleton:
    """A captured skeleton.

    Attributes:
        names: Joint names ``J``.
        parents: Index of each parent; -1 for the root; parents come first.
        offsets: Rest offset from the parent ``[J, 3]``, any unit.
    """

    names: tuple[str, ...]
    parents: tuple[int, ...]
    offsets: np.ndarray

    def world_rotations(self, local: np.ndarray) -> np.ndarray:
        """Compose local rotations ``[T, J, 3, 3]`` along the tree."""
        world = local.copy()
        for joint, parent in enumerate(self.parents):
            if parent >= 0:
                world[:, joint] = world[:, parent] @ local[:, joint]
        return world


def rotation_between(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Smallest rotation that turns one direction into another.

    Args:
        first: Direction ``[3]``.
        second: Direction ``[3]``, not opposite to ``first``.

    Returns:
        Rotation matrix ``[3, 3]``.
    """
    first = first / np.linalg.norm(first)
    second = second / np.linalg.norm(second)
    x, y, z = np.cross(first, second)
    skew = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + skew + skew @ skew / (1 + first @ second)


def local_rotations(world: np.ndarray) -> np.ndarray:
    """SMPL's relative rotations from world rotations ``[T, 24, 3, 3]``."""
    local = world.copy()
    for joint, parent in enumerate(SMPL_PARENTS):
        if parent >= 0:
            inverse = world[:, parent].transpose(0, 2, 1)
            local[:, joint] = inverse @ world[:, joint]
    return local


def retarget(
    world: np.ndarray,
    skeleton: Skeleton,
    joint_map: Mapping[str, str],
    rest_joints: np.ndarray,
) -> np.ndarray:
    """World rotations of a captured skeleton to SMPL pose.

    Args:
        world: ``[T, J, 3, 3]``, y up.
        skeleton: The captured skeleton.
        joint_map: SMPL joint name to captured joint name. Joints that are
            not named (hands) follow their parent.
        rest_joints: SMPL's rest joints ``[24, 3]``, m.

    Returns:
        Local rotation matrices ``[T, 24, 3, 3]``.
    """
    out = np.zeros((len(world), NUM_JOINTS, 3, 3))
    for joint, name in enumerate(SMPL_JOINTS):
        if name not in joint_map:
            out[:, joint] = out[:, SMPL_PARENTS[joint]]
            continue
        source = skeleton.names.index(joint_map[name])
        out[:, joint] = world[:, source]
        child = LIMBS.get(name)
        if child is not None and child in joint_map:
            end = skeleton.names.index(joint_map[child])
            bone = rest_joints[SMPL_JOINTS.index(child)] - rest_joints[joint]
            out[:, joint] = world[:, source] @ rotation_between(
                bone, skeleton.offsets[end]
            )
    return local_rotations(out)
