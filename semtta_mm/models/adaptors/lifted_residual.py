"""Checks motions against the 2D evidence."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ..bodies import SMPLBody
from .lifted import LiftedMotion
from .position_error import position_error
from .rays import NOISE, DetectedRays, place_body
from .session import Session

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
    device = body.v_template.device
    pose, betas = lifted.pose.to(device), lifted.betas.to(device)
    placed = place_body(pose, betas, body, rays.to(device))
    seen, depth = rays.scores > 0, placed.depth.cpu()
    distance = placed.miss.norm(dim=-1).cpu()
    error = position_error(
        placed.points.cpu(),
        placed.joints.cpu(),
        lifted.error,
        rays.convention,
    )
    # Two of three directions are seen.
    expected = (2 / 3) * (error / depth).square()
    expected = expected + (NOISE * rays.size[:, None]).square()
    squared = (distance.square() / expected).where(seen, 0).sum(dim=1)
    count = seen.sum(dim=1)
    checked = (count >= _FEWEST).to(squared)
    squared = checked * squared / count.clamp(min=1)
    return (_around(squared, reach) / _around(checked, reach)).sqrt()


def network_residual(session: Session) -> float:
    """Distance of the network's keypoints to the detected ones.

    Args:
        session: After a refresh pass.

    Returns:
        Median over all detected keypoints, in sides of the box; infinity
        without any.
    """
    seen = session.frames.scores > 0
    if not seen.any():
        return float('inf')
    return float(network_distance(session)[seen].median())


def network_distance(session: Session) -> Tensor:
    """Distance of each of the network's keypoints to the detected one.

    Args:
        session: After a refresh pass.

    Returns:
        In sides of the box ``[T, K]``; not defined where one is missing.
    """
    frames = session.frames
    boxes = torch.from_numpy(np.asarray(frames.track.boxes)).float()
    side = (boxes[:, 2:] - boxes[:, :2]).amax(dim=-1, keepdim=True)
    away = (session.refreshed.joints2d - frames.keypoints).norm(dim=-1)
    distance: Tensor = away / side
    return distance


def _around(values: Tensor, reach: int) -> Tensor:
    """Sums over the frames around each frame ``[T]``."""
    total = torch.nn.functional.pad(values.cumsum(0), (1, 0))
    at = torch.arange(len(values))
    last = len(values) - 1
    return (
        total[(at + reach).clamp(max=last) + 1]
        - total[(at - reach).clamp(min=0)]
    )
