"""Cameras around training motions."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ....geometry import axis_angle_to_matrix

_KINDS = (0.35, 0.3, 0.35)
"""Shares of level, common and steep cameras."""

_NEAR, _FAR = 1.8, 14.0
"""Range of the distance, m; its logarithm is uniform."""


@dataclass(frozen=True)
class Views:
    """A static camera for each window.

    Note:
        - windows: B

    Attributes:
        to_camera: World (y up) to camera ``[B, 3, 3]``.
        to_ray: Camera to the axes of the pelvis ray ``[B, 3, 3]``.
        distance: To the pelvis ``[B]``, m.
    """

    to_camera: Tensor
    to_ray: Tensor
    distance: Tensor


def sample_views(count: int, device: torch.device | str = 'cpu') -> Views:
    """Draw cameras: level hand-held ones, common ones and steep ones.

    Args:
        count: B.
        device: Of the result.
    """
    kind = torch.multinomial(torch.tensor(_KINDS), count, replacement=True)
    pitch = _choose(
        kind,
        _normal(count, 0.0, 0.1, 0.26),
        _normal(count, 0.15, 0.22, 0.6),
        _uniform(count, -0.45, 0.9),
    )
    kind = torch.multinomial(torch.tensor(_KINDS), count, replacement=True)
    roll = _choose(
        kind,
        _normal(count, 0.0, 0.045, 0.15),
        _normal(count, 0.0, 0.12, 0.5),
        _uniform(count, -0.32, 0.32),
    )
    yaw = _uniform(count, -torch.pi, torch.pi)
    upright = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
    camera = _turn(roll, 2) @ _turn(pitch, 0) @ upright @ _turn(yaw, 1)
    # Half of the people are near the optical axis.
    wide = torch.rand(count) < 0.5
    across = torch.where(
        wide, _uniform(count, -0.4, 0.4), _normal(count, 0, 0.06, 0.4)
    )
    down = torch.where(
        wide, _uniform(count, -0.25, 0.25), _normal(count, 0, 0.05, 0.25)
    )
    low, high = torch.log(torch.tensor([_NEAR, _FAR]))
    distance = (low + (high - low) * torch.rand(count)).exp()
    return Views(
        to_camera=camera.to(device),
        to_ray=shortest_turn(across, down).to(device),
        distance=distance.to(device),
    )


def shortest_turn(across: Tensor, down: Tensor) -> Tensor:
    """Rotation from the ray ``(across, down, 1)`` to the z axis.

    Args:
        across: Tangent of the ray's angle to the right ``[B]``.
        down: Tangent of its angle downwards ``[B]``.

    Returns:
        ``[B, 3, 3]``, the same as
        :func:`semtta_mm.geometry.pelvis_ray.pelvis_ray_rotation`.
    """
    axis = torch.stack((down, -across, torch.zeros_like(down)), dim=-1)
    sine = axis.norm(dim=-1, keepdim=True)
    angle = torch.atan(sine)
    return axis_angle_to_matrix(axis / sine.clamp(min=1e-9) * angle)


def _turn(angle: Tensor, axis: int) -> Tensor:
    """Rotations about a coordinate axis ``[B, 3, 3]``."""
    vector = torch.zeros(len(angle), 3)
    vector[:, axis] = angle
    return axis_angle_to_matrix(vector)


def _choose(kind: Tensor, *values: Tensor) -> Tensor:
    return torch.stack(values).gather(0, kind[None])[0]


def _uniform(count: int, low: float, high: float) -> Tensor:
    return low + (high - low) * torch.rand(count)


def _normal(count: int, mean: float, deviation: float, most: float) -> Tensor:
    drawn = deviation * torch.randn(count)
    return mean + drawn.clamp(-most, most)
