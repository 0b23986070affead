"""Filling hidden frames of a motion without a network."""

import torch
from torch import Tensor

from ...geometry import (
    axis_angle_to_matrix,
    matrix_to_axis_angle,
    project_to_rotation,
)


def fill_linear(pose: Tensor, hidden: Tensor) -> Tensor:
    """Slerp between the shown frames before and after.

    Args:
        pose: Rotation matrices ``[T, J, 3, 3]``.
        hidden: ``[T]`` bool; at least one frame is shown.

    Returns:
        ``[T, J, 3, 3]``; shown frames unchanged, constant beyond the first
        and the last one.

    Raises:
        ValueError: If every frame is hidden.
    """
    shown = _shown(hidden)
    frames = torch.arange(len(hidden), device=hidden.device)
    after = torch.searchsorted(shown, frames).clamp(max=len(shown) - 1)
    before = torch.searchsorted(shown, frames, right=True).sub(1).clamp(min=0)
    first, last = shown[before], shown[after]
    share = (frames - first) / (last - first).clamp(min=1)
    turn = matrix_to_axis_angle(pose[first].mT @ pose[last])
    part = axis_angle_to_matrix(turn * share.clamp(0, 1)[:, None, None])
    return pose[first] @ part


def fill_average(pose: Tensor, hidden: Tensor, sigma: float = 2.0) -> Tensor:
    """Gaussian mean over shown frames, for hidden and shown frames alike.

    Args:
        pose: Rotation matrices ``[T, J, 3, 3]``.
        hidden: ``[T]`` bool; at least one frame is shown.
        sigma: Width, frames.

    Returns:
        ``[T, J, 3, 3]``.

    Raises:
        ValueError: If every frame is hidden.
    """
    shown = _shown(hidden)
    frames = torch.arange(len(hidden), device=hidden.device)
    distance = (frames[:, None] - shown) / sigma
    weight = torch.softmax(-distance.square() / 2, dim=1).to(pose)
    return project_to_rotation(
        torch.einsum('ts,sjab->tjab', weight, pose[shown])
    )


def _shown(hidden: Tensor) -> Tensor:
    shown = (~hidden).nonzero()[:, 0]
    if not len(shown):
        raise ValueError('hidden: every frame is hidden')
    return shown
