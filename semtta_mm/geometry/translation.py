"""Translation of a body whose projections are known."""

from __future__ import annotations

import torch
from torch import Tensor

_FAR = 4.0
"""Depth, m, of points that nothing determines."""

_RIDGE = 1e-4
"""Weight of that depth beside the points'."""


def fit_translation(points: Tensor, rays: Tensor, weight: Tensor) -> Tensor:
    """Translation by which points project to where they were detected.

    Linear least squares of ``x + t_x = u (z + t_z)`` and
    ``y + t_y = v (z + t_z)``.

    Args:
        points: ``[T, K, 3]``, m.
        rays: Where they project ``[T, K, 2]``: ``(u, v)`` for a focal
            length of 1 and the principal point in the middle.
        weight: Of each point ``[T, K]``, 0 leaves it out.

    Returns:
        ``[T, 3]``, m.
    """
    count = len(points)
    matrix = points.new_zeros(*rays.shape, 3, dtype=torch.float64)
    matrix[..., 0, 0] = matrix[..., 1, 1] = 1
    matrix[..., 2] = -rays
    wanted = (rays * points[..., 2:] - points[..., :2]).double()
    root = weight.double().sqrt()[..., None]
    matrix = (root[..., None] * matrix).reshape(count, -1, 3)
    wanted = (root * wanted).reshape(count, -1, 1)
    prior = _RIDGE * torch.eye(3, dtype=torch.float64, device=points.device)
    far = prior[:, 2:] * _FAR
    solution: Tensor = torch.linalg.lstsq(
        torch.cat((matrix, prior.expand(count, 3, 3)), dim=1),
        torch.cat((wanted, far.expand(count, 3, 1)), dim=1),
    ).solution
    return solution[..., 0].to(points)
