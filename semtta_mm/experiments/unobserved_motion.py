"""Errors of motion: phase-free errors, acceleration, slide of the feet."""

from __future__ import annotations

import torch
from torch import Tensor

from ..evaluation.functional.foot_slide import foot_slide
from ..evaluation.functional.motion import acceleration_error
from ..evaluation.functional.phase_free import (
    best_phase_error,
    wasserstein_over_time,
)
from ..evaluation.pairs import BodyPair, read_body
from ..evaluation.protocol import Protocol
from ..evaluation.track_sample import reference_fields
from ..models.bodies import SMPLBody
from ..structures import PersonTrack
from .unobserved_errors import Values, joint_sample

SHIFT_SECONDS = 0.5
"""Largest time shift where the true motion has no clear period."""


def unobserved_motion(
    track: PersonTrack,
    joints: Tensor,
    protocol: Protocol,
    body: SMPLBody,
    step_hz: float | None,
) -> Values:
    """Errors of unobserved joints that position errors do not show.

    Args:
        track: With evidence and reference.
        joints: Predicted, ``smpl_24`` ``[T, 24, 3]``, m.
        protocol: How bodies are compared.
        body: Of the reference.
        step_hz: True steps per second, half of whose stride is the largest
            time shift; None: no clear period.

    Returns:
        ``best_phase_mm``, ``wasserstein_mm`` and ``accel_occluded`` (in the
        protocol's unit); None where every joint is observed.
    """
    ids = torch.as_tensor(track.frame_ids)
    pair = read_body(
        joint_sample(track, joints, protocol, body), ids, protocol
    )
    if pair is None or pair.occluded is None:
        return {}
    prediction, target, mask = pair.about_root()
    mask = mask & pair.occluded
    best = best_phase_error(
        prediction, target, mask, largest_shift(track.rate, step_hz)
    )
    return {
        'best_phase_mm': None if best is None else best.error,
        'wasserstein_mm': wasserstein_over_time(prediction, target, mask),
        'accel_occluded': _acceleration(track, pair, mask, protocol),
    }


def largest_shift(rate: float, step_hz: float | None) -> int:
    """Frames of half a stride, or of :data:`SHIFT_SECONDS`.

    Args:
        rate: Frames per second.
        step_hz: Steps of either foot per second; a stride is two.
    """
    seconds = SHIFT_SECONDS if step_hz is None else 1 / step_hz
    return round(seconds * rate)


def _acceleration(
    track: PersonTrack, pair: BodyPair, mask: Tensor, protocol: Protocol
) -> float | None:
    prediction, target, _ = pair.about_root()
    errors = acceleration_error(
        prediction,
        target,
        torch.as_tensor(track.frame_ids),
        track.fps,
        protocol.accel_unit,
        mask,
        track.stride,
    )
    count = int(errors.counts.sum())
    total = float((errors.values * errors.counts).sum())
    return total / count if count else None


def slide_of_feet(
    track: PersonTrack,
    joints: Tensor,
    up: Tensor,
    protocol: Protocol,
    body: SMPLBody,
) -> Values:
    """``foot_slide_mm``, see :func:`.foot_slide`.

    Args:
        track: With a reference.
        joints: Predicted, ``smpl_24`` ``[T, 24, 3]``, m.
        up: Unit vectors against gravity ``[T, 3]``, in the protocol's axes.
        protocol: How bodies are compared.
        body: Of the reference.
    """
    true = reference_fields(track.reference, body, protocol.frame, mesh=False)
    if true is None or true['convention'] != 'smpl_24':
        return {}
    ids = torch.as_tensor(track.frame_ids)
    slide = foot_slide(joints, true['joints'], up, ids, track.stride)
    return {'foot_slide_mm': slide}
