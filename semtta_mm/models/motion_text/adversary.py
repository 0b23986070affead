"""Adversarial training of the motion-text model: perturbed motions.

A loss on a cosine can be minimised by small changes of the poses that do not
make the motion more natural. An encoder that is trained with such motions as
negative examples is robust to them, and its gradients point along the
differences between motions (as those of robust classifiers do; Tsipras et
al., ICLR 2019).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import roma
import torch
from torch import Tensor

Score = Callable[[Tensor], Tensor]
"""Poses ``[B, T, 24, 3, 3]`` to scores ``[B]``; differentiable."""

SLOWEST = 8
"""Number of cosines over a window in a slow perturbation."""


def raise_score(
    score: Score,
    pose: Tensor,
    mask: Tensor,
    degrees: Tensor,
    slow: Tensor,
    steps: int = 3,
) -> Tensor:
    """Perturb rotations by gradient ascent of a score.

    Args:
        score: The score to raise.
        pose: Rotation matrices ``[B, T, 24, 3, 3]``; the root is not changed.
        mask: Valid frames ``[B, T]``, bool.
        degrees: Root mean square of the perturbations ``[B]``, degrees.
        slow: Samples whose perturbation varies slowly in time ``[B]``, bool.
        steps: Number of steps along the normalised gradient.

    Returns:
        ``[B, T, 24, 3, 3]``, without gradient.
    """
    turn = pose.new_zeros(*pose.shape[:3], 3)
    step = (degrees.deg2rad() / steps).view(-1, 1, 1, 1).to(pose)
    for _ in range(steps):
        turn.requires_grad_(True)
        with torch.enable_grad():
            moved = pose @ roma.rotvec_to_rotmat(turn)
            (slope,) = torch.autograd.grad(score(moved).sum(), turn)
        turn = turn.detach() + step * _direction(slope, mask, slow)
    return pose @ roma.rotvec_to_rotmat(turn)


def adversarial_versions(
    score: Callable[[Tensor, Tensor, Tensor], Tensor],
    versions: Sequence[Tensor],
    mask: Tensor,
    label: Tensor,
    most: tuple[float, float],
) -> list[Tensor]:
    """Perturb half of the versions of motions against an encoder.

    The scores of true motions fall, those of degraded motions rise.

    Args:
        score: Poses, masks and labels to cosines with the right texts
            ``[N]``.
        versions: ``[B, T, 24, 3, 3]`` each, the true one first.
        mask: Valid frames ``[B, T]``, bool.
        label: Labels of the motions ``[B]``.
        most: Largest perturbation of a true and of a degraded motion,
            degrees.

    Returns:
        The versions.
    """
    pose, times = torch.cat(list(versions)), len(versions)
    draw = torch.rand(3, len(pose), device=pose.device)
    chosen = draw[0] < 0.5
    true = (torch.arange(len(pose), device=pose.device) < len(label))[chosen]
    masks = mask.repeat(times, 1)[chosen]
    labels = label.repeat(times)[chosen]
    sign = torch.where(true, -1.0, 1.0)
    degrees = torch.where(true, *most) * draw[1][chosen].clamp(min=0.25)
    pose[chosen] = raise_score(
        lambda moved: sign * score(moved, masks, labels),
        pose[chosen],
        masks,
        degrees,
        draw[2][chosen] < 0.5,
    )
    return list(pose.chunk(times))


def _direction(slope: Tensor, mask: Tensor, slow: Tensor) -> Tensor:
    """The gradient, scaled to a root mean square of 1."""
    there = mask[..., None, None].to(slope)
    slope = slope * there
    slope[:, :, 0] = 0
    slope = torch.where(slow.view(-1, 1, 1, 1), _slow_part(slope), slope)
    slope = slope * there
    joints = slope.shape[2] - 1
    square = slope.square().sum(dim=(1, 2, 3)) / (joints * mask.sum(1))
    return slope / square.sqrt().clamp(min=1e-12).view(-1, 1, 1, 1)


def _slow_part(values: Tensor) -> Tensor:
    """Low frequencies (DCT-II) of values over time ``[B, T, ...]``."""
    frames = values.shape[1]
    time = (torch.arange(frames, device=values.device) + 0.5) / frames
    order = torch.arange(min(SLOWEST, frames), device=values.device)
    basis = torch.cos(math.pi * time[:, None] * order).to(values)
    basis = basis / basis.norm(dim=0)
    return torch.einsum('tk,sk,bs...->bt...', basis, basis, values)
