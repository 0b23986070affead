"""Start of ISO's self-supervised head: it agrees with the body's head."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from ...structures import MeshPrediction
from ..bodies import SMPLBody
from .iso_cycle import Views, rotate_about_middle


@dataclass(frozen=True)
class FitOptions:
    """How the head is fitted.

    Attributes:
        pool: Different features, each with the 3D of the body's head.
        steps: Steps of Adam; 0 leaves the head as it is.
        lr: Of Adam.
        batch_size: Samples of a step.
        noise: Deviation of 2D keypoints, in half crops.
        missing: Probability that a keypoint is not given.
        spread: Deviation of features from those of the frames, in the
            features' own deviation over the frames.
    """

    pool: int = 2048
    steps: int = 1500
    lr: float = 1e-3
    batch_size: int = 64
    noise: float = 0.02
    missing: float = 0.3
    spread: float = 0.5


def points_in_crop(
    body: SMPLBody, prediction: MeshPrediction, convention: str
) -> Tensor:
    """Keypoints of bodies under the weak-perspective camera.

    Args:
        body: The body.
        prediction: The bodies ``[B]``.
        convention: Of the keypoints.

    Returns:
        ``[B, K, 3]``: -1 to 1 over the crop, the depth in the same unit, its
        mean 0.
    """
    joints = body(prediction.params, False, (convention,))
    points = joints.keypoints[convention]
    scale, tx, ty = prediction.camera[:, None].unbind(-1)
    x, y, z = points.unbind(-1)
    depth = z - z.mean(dim=1, keepdim=True)
    return torch.stack([scale * (x + tx), scale * (y + ty), scale * depth], -1)


def mixed_features(
    shared: Tensor, count: int, spread: float, generator: torch.Generator
) -> Tensor:
    """Features between and around those of some frames.

    Args:
        shared: ``[T, D]``.
        count: Samples N.
        spread: See :class:`FitOptions`.
        generator: Source of all choices, on the CPU.

    Returns:
        ``[N, D]``.
    """
    pair = torch.randint(len(shared), (2, count), generator=generator)
    share = torch.rand(count, 1, generator=generator).to(shared)
    between = torch.lerp(shared[pair[0]], shared[pair[1]], share)
    step = torch.randn(between.shape, generator=generator).to(shared)
    return between + spread * shared.std(dim=0, correction=0) * step


def fit_lifter(
    lifter: nn.Module,
    shared: Tensor,
    points_of: Callable[[Tensor], Tensor],
    options: FitOptions,
    views: Views,
    generator: torch.Generator,
) -> float:
    """Teach a lifter the 3D of the body's head, in virtual views.

    The label is what the body's head makes of the same features; the input is
    its projection in a virtual view, noisy and incomplete.

    Args:
        lifter: Changed in place.
        shared: Features of frames ``[T, D]``.
        points_of: 3D points of features, see :func:`points_in_crop`.
        options: See :class:`FitOptions`.
        views: Virtual views.
        generator: Source of all choices, on the CPU.

    Returns:
        The mean squared error of the last step; 0 without a step.
    """
    if options.steps < 1:
        return 0.0
    with torch.no_grad():
        pool = mixed_features(shared, options.pool, options.spread, generator)
        labels = torch.cat([points_of(part) for part in pool.split(256)])
    optimizer = torch.optim.Adam(lifter.parameters(), lr=options.lr)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(
        optimizer, options.steps
    )
    error, one = 0.0, replace(views, count=1)
    for _ in range(options.steps):
        size = (options.batch_size,)
        rows = torch.randint(len(pool), size, generator=generator)
        rows = rows.to(pool.device)
        rotation = one.draw(len(rows), generator)
        # Half of the views are the camera's own.
        own = torch.rand(len(rows), generator=generator) < 0.5
        rotation[own] = torch.eye(3)
        wanted = rotate_about_middle(labels[rows], rotation.to(labels))
        given, seen = _degraded(wanted[..., :2], options, generator)
        loss = (lifter(given, seen, pool[rows]) - wanted).square().mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        error = float(loss.detach())
    return error


def _degraded(
    points: Tensor, options: FitOptions, generator: torch.Generator
) -> tuple[Tensor, Tensor]:
    """Noisy points, and which are seen."""
    step = torch.randn(points.shape, generator=generator).to(points)
    chance = torch.rand(points.shape[:2], generator=generator).to(points)
    seen = (chance >= options.missing).to(points)
    return points + options.noise * step, seen
