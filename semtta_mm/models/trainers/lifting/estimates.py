"""Simulated output of a mesh estimator on a video unlike its training data.

Rotations are damped towards the rest pose and off by a part that is constant
over the window, a slow part and a fast one. The root may be turned by a lot:
a wrong tilt of the camera, or front taken for back. Levels are drawn for each
window, so that the lifter learns to judge an estimate by its agreement with
the 2D evidence.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from ....conventions import NUM_JOINTS
from ....geometry import axis_angle_to_matrix, matrix_to_axis_angle
from .detections import correlated_noise


def simulate_estimates(pose: Tensor, hidden: Tensor) -> Tensor:
    """An estimator's rotations.

    Args:
        pose: True rotation matrices ``[B, T, 24, 3, 3]``, the root in the
            axes of the pelvis ray.
        hidden: Rotations that the picture does not show ``[B, T, 24]``,
            bool.

    Returns:
        ``[B, T, 24, 3, 3]``.
    """
    vectors = matrix_to_axis_angle(pose[:, :, 1:])
    kept = _level(pose, 0.45, 1.0)
    guess = _level(pose, 0.05, 0.6)
    factor = torch.where(hidden[:, :, 1:, None], guess, kept)
    local = axis_angle_to_matrix(factor * vectors)
    damped = torch.cat((pose[:, :, :1], local), dim=2)
    return damped @ axis_angle_to_matrix(_errors(pose))


def _errors(pose: Tensor) -> Tensor:
    """Axis-angle errors ``[B, T, 24, 3]``, radians."""
    size, frames = pose.shape[:2]
    shape = (size, frames, NUM_JOINTS, 3)
    level = _level(pose, 0.3, 1.5)
    constant = torch.randn(size, 1, NUM_JOINTS, 3).to(pose)
    slow = correlated_noise(shape, 0.95).to(pose)
    fast = torch.randn(shape).to(pose)
    out = level * (0.1 * constant + 0.08 * slow + 0.03 * fast)
    root = _level(pose, math.log(0.05), math.log(0.8)).exp()[:, :, 0]
    turn = torch.randn(size, 1, 3).to(pose) + 0.5 * slow[:, :, 0]
    out[:, :, 0] = root * turn
    # Front taken for back, a turn about the body's y axis.
    back = (torch.rand(size, 1) < 0.06).to(pose)
    out[:, :, 0, 1] += math.pi * back
    return out


def _level(pose: Tensor, low: float, high: float) -> Tensor:
    """A uniform number for each window ``[B, 1, 1, 1]``."""
    drawn = torch.rand(len(pose), 1, 1, 1).to(pose)
    return low + (high - low) * drawn
