"""Means of many bodies: the best constant bodies."""

from __future__ import annotations

from torch import Tensor

from .functional import similarity_align


def mean_pose(joints: Tensor) -> Tensor:
    """The best constant body for MPJPE, up to squares: the mean.

    Args:
        joints: True joints about their root ``[N, J, 3]``, m.

    Returns:
        ``[J, 3]``, m.
    """
    return joints.mean(dim=0)


def procrustes_mean(joints: Tensor, rounds: int = 5) -> Tensor:
    """The best constant body for PA-MPJPE: generalised Procrustes' mean.

    Args:
        joints: True joints ``[N, J, 3]``, m.
        rounds: Each aligns the mean to all bodies and averages again.

    Returns:
        ``[J, 3]``, m, centred.
    """
    bodies = joints - joints.mean(dim=1, keepdim=True)
    mean = bodies[0]
    for _ in range(rounds):
        aligned = similarity_align(bodies, mean.expand_as(bodies))
        mean = aligned.mean(dim=0)
    return mean
