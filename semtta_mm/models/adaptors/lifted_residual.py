"""Checks a lifted motion against the 2D evidence that it was lifted from."""

from __future__ import annotations

import torch
from torch import Tensor

from ...geometry.translation import fit_translation
from ...structures import SMPLParams
from ..bodies import SMPLBody
from .lifted import LiftedMotion
from .position_error import position_error
from .rays import DetectedRays

_NOISE = 0.02
"""Error of a detected keypoint, in sides of the box."""

_NEAREST = 0.3
"""Least depth of a keypoint, m."""

_FEWEST = 4
"""Fewest keypoints of a frame that is checked."""


def residual_ratio(
    lifted: LiftedMotion,
    body: SMPLBody,
    rays: DetectedRays,
    reach: int,
) -> Tensor:
    """Residual of the projected motion, over the one that it expects.

    The translation of each frame is fitted, so that pose and shape alone
    are checked: ``chi**2 = mean_k r_k**2 / (s_k**2 + n**2)`` with the
    distance r of keypoint k to its detection, the distance s that the
    expected errors of the rotations cause, and the detector's noise n.

    Args:
        lifted: Its pose in the axes of ``rays``.
        body: The body, on any device.
        rays: Detected keypoints.
        reach: Frames before and after a frame that count for it.

    Returns:
        ``chi`` of each frame's surroundings ``[T]``; NaN where no frame of
        them has enough keypoints.
    """
    params = SMPLParams.from_pose(lifted.pose, lifted.betas)
    device = body.v_template.device
    names = (rays.convention, 'smpl_24')
    posed = body(params.to(device), False, names).keypoints
    joints = posed['smpl_24'].cpu()
    points = posed[rays.convention].cpu() - joints[:, :1]
    joints = joints - joints[:, :1]
    seen = rays.scores > 0
    translation = fit_translation(points, rays.points, seen.float())
    placed = points + translation[:, None]
    depth = placed[..., 2].clamp(min=_NEAREST)
    distance = (placed[..., :2] / depth[..., None] - rays.points).norm(dim=-1)
    error = position_error(points, joints, lifted.error, rays.convention)
    # Two of three directions are seen.
    expected = (2 / 3) * (error / depth).square()
    expected = expected + (_NOISE * rays.size[:, None]).square()
    squared = (distance.square() / expected).where(seen, 0).sum(dim=1)
    count = seen.sum(dim=1)
    checked = (count >= _FEWEST).to(squared)
    squared = checked * squared / count.clamp(min=1)
    return (_around(squared, reach) / _around(checked, reach)).sqrt()


def _around(values: Tensor, reach: int) -> Tensor:
    """Sums over the frames around each frame ``[T]``."""
    total = torch.nn.functional.pad(values.cumsum(0), (1, 0))
    at = torch.arange(len(values))
    last = len(values) - 1
    return (
        total[(at + reach).clamp(max=last) + 1]
        - total[(at - reach).clamp(min=0)]
    )
