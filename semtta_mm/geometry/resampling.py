"""Rotations between frames, differentiably."""

import torch
from torch import Tensor

from .rotations import matrix_to_rot6d, rot6d_to_matrix

MOTION_RATE = 30.0
"""Rate that the denoiser and the motion-text models were trained at, Hz."""


def sample_rotations(pose: Tensor, at: Tensor) -> Tensor:
    """Rotations at fractional frames.

    Two neighbours' first two columns are blended and made orthonormal again
    (Gram-Schmidt): smooth, differentiable, and within hundredths of a degree
    of slerp for the few degrees between frames of a video.

    Args:
        pose: Rotation matrices ``[..., T, J, 3, 3]``.
        at: Positions ``[N]`` in ``[0, T - 1]``.

    Returns:
        ``[..., N, J, 3, 3]``; the given matrices where ``at`` is whole.
    """
    low = at.floor().long().clamp(max=pose.shape[-4] - 1)
    high = (low + 1).clamp(max=pose.shape[-4] - 1)
    share = (at - low).to(pose)[:, None, None]
    columns = matrix_to_rot6d(pose, 'columns')
    first, second = columns[..., low, :, :], columns[..., high, :, :]
    return rot6d_to_matrix(torch.lerp(first, second, share), 'columns')


def frame_positions(count: int, rate: float, target_rate: float) -> Tensor:
    """Positions of the frames of another rate among the given frames.

    Args:
        count: Number of given frames, T.
        rate: Their rate, Hz.
        target_rate: The other rate, Hz.

    Returns:
        Positions ``[N]`` from 0 to at most ``T - 1``.
    """
    last = (count - 1) * target_rate / rate
    positions = torch.arange(int(last + 1e-6) + 1) * (rate / target_rate)
    return positions.clamp(max=count - 1)
