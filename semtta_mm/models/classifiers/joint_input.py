"""Input of the action classifier: joints about the pelvis, no rotations."""

from __future__ import annotations

import torch
from torch import Tensor

from ...conventions import NUM_JOINTS, keypoint_index

FEATURES = 2 * 3 * (NUM_JOINTS - 1)
"""Numbers of a frame."""


def body_axes(joints: Tensor) -> Tensor:
    """Axes of the pelvis, from hips and spine, which are rigid with it.

    Args:
        joints: ``smpl_24`` ``[..., 24, 3]``, m.

    Returns:
        Rotations ``[..., 3, 3]`` whose columns are left, up and front.
    """
    names = ('left_hip', 'right_hip', 'spine_1')
    left, right, spine = (
        joints[..., index, :] for index in keypoint_index('smpl_24', names)
    )
    across = torch.nn.functional.normalize(left - right, dim=-1)
    up = spine - (left + right) / 2
    up = up - (up * across).sum(-1, keepdim=True) * across
    up = torch.nn.functional.normalize(up, dim=-1)
    front = torch.linalg.cross(across, up)
    return torch.stack((across, up, front), dim=-1)


def joint_input(joints: Tensor, mask: Tensor) -> Tensor:
    """Joints about the pelvis, in two kinds of axes.

    The axes are those of the pelvis in the same frame, which show the pose,
    and those of the pelvis in the middle frame, which show how the body
    turns. A rotation of the whole window, such as a wrong camera tilt or
    heading, changes neither.

    Args:
        joints: ``smpl_24`` ``[B, T, 24, 3]``, m, any axes and origin.
        mask: Valid frames ``[B, T]``, bool; they come first.

    Returns:
        ``[B, T, 138]``, m; 0 in invalid frames.
    """
    about = joints[:, :, 1:] - joints[:, :, :1]
    axes = body_axes(joints)
    middle = mask.sum(1).sub(1).div(2, rounding_mode='floor')
    fixed = axes[torch.arange(len(axes), device=axes.device), middle]
    parts = (about @ axes, about @ fixed[:, None])
    flat = torch.cat([part.flatten(2) for part in parts], dim=-1)
    return flat.masked_fill(~mask[..., None], 0)
