"""Moves a motion to its keypoints, as far as its expected errors allow."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from ...datasets.rates import contiguous_runs
from ...geometry import axis_angle_to_matrix
from ...geometry.knots import Knots
from ..bodies import SMPLBody
from .rays import NOISE, DetectedRays, place_body
from .session import Session

_CHANGE = 0.3
"""Expected change of the correction between knots, of the expected error."""


@dataclass(frozen=True)
class Refinement:
    """Settings of :func:`refine_motion`.

    Attributes:
        iterations: Steps of Adam.
        lr: Learning rate of the first step, radians; falls to 0.
        prior_weight: Weight of the prior beside the keypoints.
        noise: Error of a detected keypoint, in sides of the box.
        knot_seconds: Time between the knots of the correction, s.
    """

    iterations: int = 80
    lr: float = 0.03
    prior_weight: float = 0.5
    noise: float = NOISE
    knot_seconds: float = 0.13


@torch.enable_grad()
def refine_motion(
    pose: Tensor,
    error: Tensor,
    betas: Tensor,
    body: SMPLBody,
    rays: DetectedRays,
    settings: Refinement,
) -> Tensor:
    """The most probable motion, given another one and the keypoints.

    Each rotation gets a correction, linear between knots. With the
    correction's axis-angle vector d and the expected error e of rotation j,
    and the distance r of keypoint k to its detection, minimised are the
    means over frames of ``sum_k huber(r_k / n)``, and, times the prior's
    weight, over knots of ``sum_j 2 |d_j|**2 / e_j**2`` and of the same of
    changes. Translation is fitted in every step, see :func:`.place_body`.

    Args:
        pose: Rotation matrices ``[T, 24, 3, 3]``, frames without a gap.
        error: Expected angles to the true rotations ``[T, 24]``, radians.
        betas: ``[T, 10]``.
        body: The body, on the device of all tensors.
        rays: Detected keypoints, in the axes of ``pose``.
        settings: See :class:`Refinement`.

    Returns:
        ``[T, 24, 3, 3]``.
    """
    count = len(pose)
    spline = Knots(count, settings.knot_seconds * rays.rate)
    knots = pose.new_zeros(len(spline.frames), pose.shape[1], 3)
    knots.requires_grad_(True)
    expected = error[spline.frames][..., None]
    adam = torch.optim.Adam([knots], lr=settings.lr)
    decay = torch.optim.lr_scheduler.PolynomialLR(
        adam, settings.iterations, power=0.5
    )
    for _ in range(settings.iterations):
        moved = pose @ axis_angle_to_matrix(spline(knots))
        seen = _keypoint_loss(moved, betas, body, rays, settings.noise)
        prior = _prior_loss(knots, expected)
        adam.zero_grad()
        (seen + settings.prior_weight * prior).backward()
        adam.step()
        decay.step()
    return pose @ axis_angle_to_matrix(spline(knots.detach()))


def refine_track(
    pose: Tensor,
    error: Tensor,
    betas: Tensor,
    body: SMPLBody,
    session: Session,
    rays: DetectedRays,
    settings: Refinement,
) -> Tensor:
    """:func:`refine_motion` of each run of frames of a track.

    Args:
        pose: Rotation matrices ``[T, 24, 3, 3]``, in the estimator's axes.
        error: Expected errors ``[T, 24]``, radians.
        betas: ``[T, 10]``.
        body: On any device.
        session: Of the track.
        rays: Its detected keypoints, see :func:`.rays.track_rays`.
        settings: See :class:`Refinement`.

    Returns:
        ``[T, 24, 3, 3]``, on the CPU.
    """
    device = body.v_template.device
    track, rays = session.frames.track, rays.to(device)
    out = pose.clone()
    for run in contiguous_runs(track.frame_ids, track.stride):
        moved = refine_motion(
            pose[run].to(device),
            error[run].to(device),
            betas[run].to(device),
            body,
            rays[run],
            settings,
        )
        out[run] = moved.to(out)
    return out


def _keypoint_loss(
    pose: Tensor,
    betas: Tensor,
    body: SMPLBody,
    rays: DetectedRays,
    noise: float,
) -> Tensor:
    """Mean over frames of the summed robust squared distances."""
    distance = place_body(pose, betas, body, rays).miss
    distance = distance / (noise * rays.size[:, None, None])
    robust = functional.huber_loss(
        distance, torch.zeros_like(distance), reduction='none', delta=2.0
    )
    seen = (rays.scores > 0).to(robust)
    return (seen * robust.sum(dim=-1)).sum() / len(pose)


def _prior_loss(knots: Tensor, expected: Tensor) -> Tensor:
    """Mean over knots of the squared corrections over their variances."""
    own = 2 * (knots / expected).square()
    change = knots.diff(dim=0) / (_CHANGE * expected[1:])
    return (own.sum() + change.square().sum()) / len(knots)
