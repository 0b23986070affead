"""Translation of a body whose projections are known."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

_BODY = 1.5
"""Length, m, that fills the box of a body that nothing else places."""

_RIDGE = 1e-4
"""Weight of the middle of the image and, for a box of size 1, of that
length's depth, beside the points'."""

_NEAREST = 0.3
"""Least depth of a point, m."""

_OUTLIER = 2.0
"""Distances beyond this many times the noise count less (Huber)."""

_DEPTH_CHANGE = 0.05
"""Expected difference of a depth from the median of its neighbours."""

_HELD = 1e6
"""Factor on a weight that holds the depth."""

_STEPS = 4
"""Reweighted fits; the change of the last one is below 1 % of the depth."""


def fit_translation(
    points: Tensor,
    rays: Tensor,
    weight: Tensor,
    depth: Tensor,
    depth_weight: Tensor,
) -> Tensor:
    """Translation by which points project to where they were detected.

    Linear least squares of ``x + t_x = u (z + t_z)`` and
    ``y + t_y = v (z + t_z)``.

    Args:
        points: ``[T, K, 3]``, m.
        rays: Where they project ``[T, K, 2]``: ``(u, v)`` for a focal
            length of 1 and the principal point in the middle.
        weight: Of each point ``[T, K]``, 0 leaves it out.
        depth: Expected depth of the translation ``[T]``, m.
        depth_weight: Of the expected depth ``[T]``.

    Returns:
        ``[T, 3]``, m.
    """
    dtype = points.dtype
    points, rays, weight = points.double(), rays.double(), weight.double()
    row = torch.cat((-rays, rays.square().sum(dim=-1, keepdim=True)), dim=-1)
    sums = (weight[..., None] * row).sum(dim=1)
    total = weight.sum(dim=1) + _RIDGE
    matrix = torch.diag_embed(
        torch.stack((total, total, sums[:, 2] + depth_weight), dim=-1)
    )
    matrix[:, 2, :2] = matrix[:, :2, 2] = sums[:, :2]
    wanted = weight[..., None] * (rays * points[..., 2:] - points[..., :2])
    right = torch.cat(
        (
            wanted.sum(dim=1),
            (depth_weight * depth - (rays * wanted).sum(dim=(1, 2)))[:, None],
        ),
        dim=-1,
    )
    solution: Tensor = torch.linalg.solve(matrix, right)
    return solution.to(dtype)


def robust_translation(
    points: Tensor,
    rays: Tensor,
    seen: Tensor,
    size: Tensor,
    noise: float,
    reach: int,
) -> Tensor:
    """:func:`fit_translation`, robust to wrong keypoints.

    Iteratively reweighted (Huber). Keypoints whose sides are swapped agree
    with a body that is much too near or too far, in a few frames; so the
    depth is expected to be near the median of its neighbours.

    Args:
        points: ``[T, K, 3]``, m, frames without a gap.
        rays: Where they were detected ``[T, K, 2]``.
        seen: Which of them were ``[T, K]``, bool.
        size: Longer side of the person's box ``[T]``, for a focal length
            of 1.
        noise: Error of a detection, in these sides.
        reach: Frames before and after a frame that are its neighbours.

    Returns:
        ``[T, 3]``, m.
    """
    far, ridge = _BODY / size, _RIDGE * size.square()
    noise_of = noise * size[:, None]
    translation = fit_translation(points, rays, seen, far, ridge)
    for _ in range(_STEPS):
        weight = huber_weight(points, rays, seen, noise_of, translation)
        translation = fit_translation(points, rays, weight, far, ridge)
    depth = _moving_median(translation[:, 2], seen.any(dim=1), reach)
    trust = (_DEPTH_CHANGE * depth).square().reciprocal()
    # Points in units of their noise, as the change of the depth.
    scale = (noise_of * depth[:, None]).square()
    # Start there: the fit may be at the optimum of swapped sides.
    translation = fit_translation(
        points, rays, seen / scale, depth, _HELD * trust
    )
    for _ in range(_STEPS):
        weight = huber_weight(points, rays, seen, noise_of, translation)
        translation = fit_translation(
            points, rays, weight / scale, depth, trust
        )
    return translation


def huber_weight(
    points: Tensor, rays: Tensor, seen: Tensor, noise: Tensor, at: Tensor
) -> Tensor:
    """Weight of each point by its distance to its detection ``[T, K]``."""
    placed = points + at[:, None]
    depth = placed[..., 2:].clamp(min=_NEAREST)
    distance = (placed[..., :2] / depth - rays).norm(dim=-1) / noise
    weight: Tensor = seen * (_OUTLIER / distance.clamp(min=_OUTLIER))
    return weight


def _moving_median(values: Tensor, known: Tensor, reach: int) -> Tensor:
    """Median of the known values around each frame, at least ``_NEAREST``.

    Frames without a known neighbour keep their value.
    """
    masked = values.where(known, torch.nan)
    padded = functional.pad(masked, (reach, reach), value=torch.nan)
    median: Tensor = padded.unfold(0, 2 * reach + 1, 1).nanmedian(-1).values
    return median.where(~median.isnan(), values).clamp(min=_NEAREST)
