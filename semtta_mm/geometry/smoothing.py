"""Smoothing of rotations over time."""

from __future__ import annotations

import torch
from scipy.ndimage import gaussian_filter1d
from torch import Tensor

from .rotations import project_to_rotation


def smooth_rotations(rotations: Tensor, sigma: float) -> Tensor:
    """Gaussian mean over neighbouring frames.

    The mean of the matrices, made orthogonal again, is the rotation nearest
    to all of them (chordal mean). At both ends the first and the last frame
    are repeated.

    Args:
        rotations: ``[T, ..., 3, 3]``, frames without a gap.
        sigma: Standard deviation of the Gaussian, frames; 0 changes nothing.

    Returns:
        ``[T, ..., 3, 3]``.
    """
    if sigma <= 0 or len(rotations) < 2:
        return rotations
    mean = gaussian_filter1d(
        rotations.double().numpy(), sigma, axis=0, mode='nearest'
    )
    return project_to_rotation(torch.from_numpy(mean)).to(rotations)
