"""Non-negative regressors: points as convex combinations of vertices.

A convex combination of skinned vertices stays inside the body in every pose;
weights of both signs (ridge regression) fit the rest pose better but have
large errors in bent poses.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from scipy.optimize import nnls

from ...conventions import SMPL_PARENTS
from ...models.bodies.lbs import (
    forward_kinematics,
    linear_blend_skinning,
    relative_translation,
)

_SUM_TO_ONE = 10.0
"""Weight of the sum constraint against residuals in m."""
_SPREAD = 2e-3
"""Weight of a ridge term: even weights generalise beyond the samples."""


def pose_bodies(
    vertices: np.ndarray,
    rest_joints: np.ndarray,
    weights: np.ndarray,
    pose: np.ndarray,
    chunk: int = 16,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Skin bodies that share weights.

    Args:
        vertices: Rest pose ``[N, V, 3]``, m.
        rest_joints: ``[N, 24, 3]``, m.
        weights: ``[V, 24]``.
        pose: Rotation matrices ``[N, 24, 3, 3]``.
        chunk: Bodies per batch.

    Returns:
        Posed vertices ``[N, V, 3]``, joints ``[N, 24, 3]``, m, and world
        rotations ``[N, 24, 3, 3]``.
    """
    rest, turn = torch.from_numpy(rest_joints), torch.from_numpy(pose)
    rotations, joints = forward_kinematics(turn, rest, SMPL_PARENTS)
    shift = relative_translation(rotations, joints, rest)
    skin = torch.from_numpy(weights)
    parts = [
        linear_blend_skinning(
            torch.from_numpy(vertices[i : i + chunk]),
            rotations[i : i + chunk],
            shift[i : i + chunk],
            skin,
        ).numpy()
        for i in range(0, len(vertices), chunk)
    ]
    return np.concatenate(parts), joints.numpy(), rotations.numpy()


def fit_row(
    vertices: np.ndarray, target: np.ndarray, candidates: np.ndarray
) -> np.ndarray:
    """Weights of one point: non-negative least squares, sum one.

    Args:
        vertices: Training bodies ``[N, V, 3]``, m.
        target: The point in each ``[N, 3]``, m.
        candidates: Vertices that may have a weight ``[C]``.

    Returns:
        ``[V]``.
    """
    size = len(candidates)
    # Differences to the target: invariant to a common translation.
    near = vertices[:, candidates] - target[:, None]
    rows = near.transpose(0, 2, 1).reshape(-1, size)
    scale = np.sqrt(len(target))
    system = np.concatenate(
        [
            rows,
            np.full((1, size), _SUM_TO_ONE * scale),
            np.eye(size) * _SPREAD * scale,
        ]
    )
    wanted = np.zeros(len(system))
    wanted[len(rows)] = _SUM_TO_ONE * scale
    solution, _ = nnls(system, wanted, maxiter=50 * size)
    row = np.zeros(vertices.shape[1])
    row[candidates] = solution
    return prune(row)


def prune(row: np.ndarray, smallest: float = 1e-3) -> np.ndarray:
    """Set weights below ``smallest`` to 0; the rest sums to one."""
    row = np.where(row < smallest, 0.0, row)
    return row / row.sum()


def nearest(
    vertices: np.ndarray, target: np.ndarray, allowed: np.ndarray, number: int
) -> np.ndarray:
    """The vertices nearest to a point over all bodies, ascending ids."""
    distance = np.linalg.norm(
        vertices.mean(0) - target.mean(0), axis=-1
    ) + np.where(allowed, 0.0, np.inf)
    found = np.argsort(distance, kind='stable')[:number]
    return np.sort(found[np.isfinite(distance[found])])


def held_out_error(
    row: np.ndarray, vertices: np.ndarray, target: np.ndarray
) -> tuple[float, float]:
    """Mean and 95th percentile of the distance, mm."""
    found = np.einsum('v,nvd->nd', row, vertices)
    error = 1000 * np.linalg.norm(found - target, axis=-1)
    return float(error.mean()), float(np.percentile(error, 95))


def counterpart(name: str) -> str:
    """Name on the other side; the name itself on the midline."""
    for side, other in (('left_', 'right_'), ('right_', 'left_')):
        if name.startswith(side):
            return other + name.removeprefix(side)
    return name


def both_sides(
    rows: Mapping[str, np.ndarray], mirror: np.ndarray
) -> dict[str, np.ndarray]:
    """Mirror left rows to the right, make midline rows symmetric."""
    result: dict[str, np.ndarray] = {}
    for name, row in rows.items():
        if name.startswith('left_'):
            result[name] = row
            result[counterpart(name)] = row[mirror]
        else:
            result[name] = (row + row[mirror]) / 2
    return result
