"""Errors of facing and of limb motion, which mean errors can hide."""

import torch
from torch import Tensor


def heading_error(prediction: Tensor, target: Tensor) -> Tensor:
    """Angle between two bodies' fronts, seen from above the camera.

    Args:
        prediction: Root rotations ``[T, 3, 3]``, camera frame (y down).
        target: The same, true.

    Returns:
        Degrees ``[T]``, 0 to 180; without meaning for a body that lies with
        its front up or down.
    """
    angles = [
        torch.atan2(rotation[:, 0, 2], rotation[:, 2, 2])
        for rotation in (prediction, target)
    ]
    turn = torch.rad2deg(angles[0] - angles[1])
    return ((turn + 180) % 360 - 180).abs()


def swing_gain(prediction: Tensor, target: Tensor) -> Tensor:
    """How much of the true motion of each joint is in the prediction.

    The least-squares gain ``<p, t> / <t, t>`` of the joint's path about its
    mean: 1 if the motion is there, 0 for a frozen or an unrelated one. Jitter
    does not raise it, as it does a ratio of spreads.

    Args:
        prediction: Joints about their root ``[T, J, 3]``, m.
        target: The same, true.

    Returns:
        ``[J]``; NaN for a joint that truly rests.
    """
    moved = prediction - prediction.mean(dim=0)
    truth = target - target.mean(dim=0)
    power = truth.square().sum(dim=(0, 2))
    gain = (moved * truth).sum(dim=(0, 2)) / power
    return torch.where(power > 0, gain, torch.nan)
