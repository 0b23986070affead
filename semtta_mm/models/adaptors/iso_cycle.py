"""Geometric consistency of a lifter with itself (ISO's SSL task).

Lift keypoints, rotate the 3D points, project them, lift that virtual view,
and rotate back: an exact lifter returns to where it started.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from ...geometry import axis_angle_to_matrix

Lift = Callable[[Tensor, Tensor], Tensor]
"""Points ``[N, K, 2]`` and which are seen ``[N, K]`` to ``[N, K, 3]``."""


@dataclass(frozen=True)
class Views:
    """Distribution of the virtual views.

    Attributes:
        count: Views of each frame.
        azimuth: Largest angle about the vertical axis, degrees.
        elevation: Largest angle about the horizontal axis, degrees.
        hide: Probability that a keypoint is hidden from the first lift, which
            must then find it in the image's features.
    """

    count: int = 8
    azimuth: float = 180.0
    elevation: float = 20.0
    hide: float = 0.5

    def given(self, weight: Tensor, generator: torch.Generator) -> Tensor:
        """Keypoints that the first lift of each view gets.

        Args:
            weight: Confidences ``[B * count, K]``, 0 where missing.
            generator: Source of the choice, on the CPU.

        Returns:
            ``[B * count, K]``, 0 or 1.
        """
        chance = torch.rand(weight.shape, generator=generator).to(weight)
        return ((chance >= self.hide) & (weight > 0)).to(weight)

    def draw(self, frames: int, generator: torch.Generator) -> Tensor:
        """Rotations of all views.

        Args:
            frames: Number of frames B.
            generator: Source of the angles, on the CPU.

        Returns:
            Rotation matrices ``[B * count, 3, 3]``; of one frame in a row.
        """
        total = frames * self.count
        share = 2 * torch.rand(2, total, generator=generator) - 1
        around = torch.zeros(total, 3)
        around[:, 1] = math.radians(self.azimuth) * share[0]
        up = torch.zeros(total, 3)
        up[:, 0] = math.radians(self.elevation) * share[1]
        return axis_angle_to_matrix(up) @ axis_angle_to_matrix(around)


def rotate_about_middle(points: Tensor, rotation: Tensor) -> Tensor:
    """Points, turned about their mean.

    Args:
        points: ``[N, K, 3]``.
        rotation: ``[N, 3, 3]``.
    """
    middle = points.mean(dim=1, keepdim=True)
    return (points - middle) @ rotation.mT + middle


def cycle_terms(
    lift: Lift,
    points: Tensor,
    weight: Tensor,
    rotation: Tensor,
    given: Tensor | None = None,
) -> dict[str, Tensor]:
    """Inconsistencies of a lifter, each a mean of squares.

    Args:
        lift: The lifter.
        points: Detected keypoints ``[N, K, 2]``, -1 to 1 over the crop.
        weight: Confidences ``[N, K]``, 0 where missing.
        rotation: Of the virtual view ``[N, 3, 3]``.
        given: Keypoints that the first lift gets ``[N, K]``; None gives all
            that are not missing.

    Returns:
        - ``reproject``: the lifted points, projected, and the keypoints;
        - ``cycle2d``: the points after the cycle, projected, and the
          keypoints;
        - ``cycle3d``: the points after the cycle and the lifted ones.

        All 0 for an exact lifter. Means count missing keypoints as 0.
    """
    seen = (weight > 0).to(points) if given is None else given
    first = lift(points, seen)
    turned = rotate_about_middle(first, rotation)
    second = lift(turned[..., :2], torch.ones_like(seen))
    back = rotate_about_middle(second, rotation.mT)
    return {
        'reproject': _distance(first[..., :2], points, weight),
        'cycle2d': _distance(back[..., :2], points, weight),
        'cycle3d': (back - first).square().mean(),
    }


def _distance(found: Tensor, points: Tensor, weight: Tensor) -> Tensor:
    missing = (weight == 0)[..., None]
    squared = (found - points.masked_fill(missing, 0)).square()
    return (weight[..., None] * squared).masked_fill(missing, 0).mean()
