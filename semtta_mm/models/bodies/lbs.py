"""Linear blend skinning of an SMPL-like body: pure functions.

After Loper et al., "SMPL: A Skinned Multi-Person Linear Model" (2015),
equations 2 to 10. Written from the paper, so that a body needs no code of a
non-commercial licence.

Note:
    - batch size: B; points (vertices, or folded points): V
    - joints: J; shape coefficients: S
"""

from functools import lru_cache

import torch
from torch import Tensor
from torch.nn.functional import pad


def blend_shapes(
    template: Tensor, directions: Tensor, coefficients: Tensor
) -> Tensor:
    """Template plus a linear combination of offsets (equations 6, 8, 9).

    Args:
        template: ``[V, 3]`` or already shaped per body ``[B, V, 3]``, m.
        directions: ``[V, 3, S]``, m per unit of coefficient.
        coefficients: ``[B, S]``.

    Returns:
        ``[B, V, 3]``, m.
    """
    offsets = coefficients @ directions.flatten(0, 1).T
    return template + offsets.unflatten(1, (-1, 3))


def pose_feature(pose: Tensor) -> Tensor:
    """Input of pose blend shapes: R - I of all joints but the root.

    Args:
        pose: Rotation matrices ``[B, J, 3, 3]``.

    Returns:
        ``[B, 9 (J - 1)]``.
    """
    identity = torch.eye(3, dtype=pose.dtype, device=pose.device)
    return (pose[:, 1:] - identity).flatten(1)


@lru_cache(maxsize=8)
def _levels(
    parents: tuple[int, ...],
) -> tuple[tuple[tuple[list[int], list[int]], ...], list[int]]:
    """Joints by depth, for one batched product per depth.

    Returns:
        For each depth below the root: its joints, and the positions of their
        parents in the level above; then the position of each joint in the
        concatenation of all levels.
    """
    depth = [0] * len(parents)
    for joint, parent in enumerate(parents):
        depth[joint] = depth[parent] + 1 if parent >= 0 else 0
    groups = [
        [j for j, d in enumerate(depth) if d == level]
        for level in range(max(depth) + 1)
    ]
    steps = tuple(
        (joints, [above.index(parents[j]) for j in joints])
        for above, joints in zip(groups, groups[1:], strict=False)
    )
    order = [joint for group in groups for joint in group]
    return steps, [order.index(j) for j in range(len(parents))]


def forward_kinematics(
    pose: Tensor, rest_joints: Tensor, parents: tuple[int, ...]
) -> tuple[Tensor, Tensor]:
    """Chain relative rotations along the skeleton (equation 3).

    Args:
        pose: Rotations relative to the parents ``[B, J, 3, 3]``.
        rest_joints: Joints in the rest pose ``[B, J, 3]``, m.
        parents: Parent of each joint, -1 for the root, which is first;
            parents come before their children.

    Returns:
        World rotations ``[B, J, 3, 3]`` and posed joints ``[B, J, 3]``, m.
    """
    steps, position = _levels(parents)
    above = list(parents)
    above[0] = 0
    bones = rest_joints - rest_joints[:, above]
    # One 3x4 block holds rotation and bone, so a level is one product.
    local = torch.cat([pose, bones[..., None]], dim=-1)
    rotation, joint = pose[:, :1], rest_joints[:, :1, :, None]
    worlds = [torch.cat([rotation, joint], dim=-1)]
    for joints, parent_positions in steps:
        parent = worlds[-1][:, parent_positions]
        moved = parent[..., :3] @ local[:, joints]
        offset = pad(parent[..., 3:], (3, 0))
        worlds.append(moved + offset)
    world = torch.cat(worlds, dim=1)[:, position]
    return world[..., :3], world[..., 3]


def relative_translation(
    rotations: Tensor, joints: Tensor, rest_joints: Tensor
) -> Tensor:
    """Translation that a point in the rest pose gets after its rotation.

    Args:
        rotations: World rotations ``[B, J, 3, 3]``.
        joints: Posed joints ``[B, J, 3]``, m.
        rest_joints: Joints in the rest pose ``[B, J, 3]``, m.

    Returns:
        ``[B, J, 3]``, m: a point p bound to joint j goes to R_j p + t_j.
    """
    return joints - (rotations @ rest_joints[..., None])[..., 0]


def linear_blend_skinning(
    points: Tensor, rotations: Tensor, translations: Tensor, weights: Tensor
) -> Tensor:
    """Move each point with the weighted mean of its joints (equation 7).

    Args:
        points: Points in the rest pose ``[B, V, 3]``, m.
        rotations: World rotations ``[B, J, 3, 3]``.
        translations: From :func:`relative_translation` ``[B, J, 3]``, m.
        weights: Skinning weights ``[V, J]``, rows sum to one.

    Returns:
        ``[B, V, 3]``, m.
    """
    motion = torch.cat([rotations, translations[..., None]], dim=-1)
    blended = (weights @ motion.flatten(2)).unflatten(-1, (3, 4))
    # One contraction over contiguous blocks; slices would cost 60 % more.
    homogeneous = pad(points, (0, 1), value=1.0)
    return torch.einsum('bvij,bvj->bvi', blended, homogeneous)
