"""Translation of a body in all frames of a track at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import spsolve
from torch import Tensor

from .translation import huber_weight

_STEPS = 8
"""Reweighted fits; the change of the last one is below 1 mm."""


def track_translation(
    points: Tensor,
    rays: Tensor,
    seen: Tensor,
    noise: Tensor,
    times: Tensor,
    start: Tensor,
    acceleration: float,
) -> Tensor:
    """Translations by which a moving body projects to its keypoints.

    Minimised over all frames: squared distances of the projections, robust
    (Huber), in units of their noise, and squared accelerations, in units of
    the expected one. So a frame's depth follows from its neighbours too, and
    frames without a keypoint are interpolated.

    Args:
        points: Keypoints of the untranslated body ``[T, K, 3]``, m.
        rays: Where they were detected ``[T, K, 2]``, for a focal length of 1.
        seen: Which of them were ``[T, K]``, bool.
        noise: Error of a detection ``[T]``, for a focal length of 1.
        times: Of the frames ``[T]``, s, rising.
        start: First guess ``[T, 3]``, m.
        acceleration: Expected acceleration of each axis, m/s^2.

    Returns:
        ``[T, 3]``, m. Without any keypoint it is ``start``.
    """
    if not seen.any():
        return start
    smooth = _acceleration_rows(times.double().numpy()) / acceleration
    prior = sparse.kron(smooth.T @ smooth, sparse.eye(3)).tocsc()
    moved = start
    for _ in range(_STEPS):
        weight = huber_weight(points, rays, seen, noise[:, None], moved)
        scale = noise[:, None] * moved[:, 2:].clamp(min=0.1)
        normal, right = _normal_equations(
            points.double().numpy(),
            rays.double().numpy(),
            (weight / scale.square()).double().numpy(),
        )
        # A small pull to the first guess: one frame alone, or a track whose
        # keypoints are in one frame, does not determine all unknowns.
        pull = 1e-6 * sparse.eye(len(right))
        solved = spsolve(
            normal + prior + pull,
            right + pull @ start.double().numpy().ravel(),
        )
        moved = torch.from_numpy(solved.reshape(-1, 3)).to(start)
    return moved


def _acceleration_rows(times: NDArray[Any]) -> sparse.csr_matrix:
    """Matrix ``[T - 2, T]`` from positions to accelerations.

    A row is divided by the root of its duration in seconds over that of a
    frame at 30 fps, so that the sum does not depend on the frame rate.
    """
    count = len(times)
    if count < 3:
        return sparse.csr_matrix((0, count))
    before, after = np.diff(times)[:-1], np.diff(times)[1:]
    span = (before + after) / 2
    left, right = 1 / (before * span), 1 / (after * span)
    rows = sparse.diags(
        [left, -left - right, right], [0, 1, 2], shape=(count - 2, count)
    )
    return sparse.csr_matrix(sparse.diags(np.sqrt(span * 30)) @ rows)


def _normal_equations(
    points: NDArray[Any], rays: NDArray[Any], weight: NDArray[Any]
) -> tuple[sparse.csc_matrix, NDArray[Any]]:
    """Of ``x + t_x = u (z + t_z)`` and ``y + t_y = v (z + t_z)``.

    Args:
        points: ``[T, K, 3]``.
        rays: ``[T, K, 2]``.
        weight: ``[T, K]``.

    Returns:
        Block-diagonal matrix ``[3T, 3T]`` and right side ``[3T]``.
    """
    ones, zero = np.ones_like(weight), np.zeros_like(weight)
    across = np.stack((ones, zero, -rays[..., 0]), axis=-1)
    down = np.stack((zero, ones, -rays[..., 1]), axis=-1)
    rows = np.concatenate((across, down), axis=1)
    wanted = rays * points[..., 2:] - points[..., :2]
    wanted = np.concatenate((wanted[..., 0], wanted[..., 1]), axis=1)
    both = np.concatenate((weight, weight), axis=1)
    blocks = np.einsum('tk,tki,tkj->tij', both, rows, rows)
    right = np.einsum('tk,tki,tk->ti', both, rows, wanted)
    return sparse.csc_matrix(sparse.block_diag(blocks)), right.ravel()
