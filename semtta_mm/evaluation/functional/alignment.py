"""Similarity alignment (Procrustes analysis with scale)."""

import roma
import torch
from torch import Tensor

from .checks import prepare_pair


def _centred(points: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """Points about their weighted mean ``[T, J, 3]``, the mean ``[T, 1, 3]``.

    ``weights`` ``[T, J]`` sum to 1.
    """
    mean = (weights[..., None] * points).sum(dim=-2, keepdim=True)
    return points - mean, mean


def _spread_out(points: Tensor, centred: Tensor, weights: Tensor) -> Tensor:
    """Frames whose points are not all one point, beyond rounding ``[T]``."""
    variance = (weights * centred.square().sum(dim=-1)).sum(dim=-1)
    rounding = 16 * torch.finfo(points.dtype).eps
    magnitude = points.abs().amax(dim=(-2, -1))
    return variance > (rounding * magnitude).square()


def similarity_align(
    source: Tensor, target: Tensor, mask: Tensor | None = None
) -> Tensor:
    """Move, turn and scale each frame of ``source`` onto ``target``.

    Least squares over scale, rotation and translation (Umeyama, TPAMI 1991).
    The rotation is a proper one: a mirrored body stays mirrored, and its
    error large. Where the optimum is not unique (collinear points) one of the
    optima is taken; where all source points are one point, it moves to the
    target's mean.

    Args:
        source: ``[T, J, 3]``, any unit.
        target: ``[T, J, 3]``, same unit.
        mask: Points that are fitted ``[T, J]``, bool; all if None.

    Returns:
        Aligned source ``[T, J, 3]``. Masked points are meaningless but
        finite, as are frames where every point is masked.

    Raises:
        InputError: On other shapes, or NaN or infinity where the mask is
            True.
    """
    source, target, mask = prepare_pair(
        'similarity_align', source, target, mask
    )
    dtype = torch.promote_types(source.dtype, target.dtype)
    source, target, weights = (
        source.to(dtype),
        target.to(dtype),
        mask.to(dtype),
    )
    # A frame without points would divide by zero; all its points are zero.
    weights = torch.where(mask.any(dim=-1, keepdim=True), weights, 1)
    weights = weights / weights.sum(dim=-1, keepdim=True)
    points, _ = _centred(source, weights)
    goal, goal_mean = _centred(target, weights)
    rotation, scale = roma.rigid_vectors_registration(
        points, goal, weights, compute_scaling=True
    )
    scale = torch.where(_spread_out(source, points, weights), scale, 1)
    turned: Tensor = points @ rotation.transpose(-1, -2)
    return scale[..., None, None] * turned + goal_mean
