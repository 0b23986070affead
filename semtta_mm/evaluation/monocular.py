"""Evaluation of a detector's monocular 3D, for comparison."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..conventions import convert_keypoints
from ..models.bodies import SMPLBody
from ..structures import BodyReference, PersonTrack
from .protocol import Protocol
from .report import Report, stage_report
from .track_errors import TrackErrors, evaluate_track
from .track_sample import reference_fields

CONVENTION = 'limbs_12'


def limbs_protocol(frame: str) -> Protocol:
    """12 limb joints about the hips' middle, in one of ``FRAMES``."""
    return Protocol(root='mid_hip', joint_set=CONVENTION, frame=frame)


def joints_report(
    tracks: Iterable[tuple[PersonTrack, NDArray[Any]]], frame: str
) -> Report:
    """Evaluate given 3D limbs of whole tracks.

    Args:
        tracks: Each track with its ``limbs_12`` ``[T, 12, 3]``, m, camera
            axes, any origin. They are not turned, like a network's.
        frame: Axes of the reference, ``'camera'`` or ``'pelvis_ray'``.

    Returns:
        Report of one stage; ``mpvpe`` and image errors are None, and all
        errors of a track without reference.

    Raises:
        InputError: On an unknown frame, or joints of another shape or with
            NaN.
    """
    protocol, body = limbs_protocol(frame), SMPLBody()
    errors = [_errors(*pair, protocol, body) for pair in tracks]
    return stage_report(errors, protocol)


def _errors(
    track: PersonTrack,
    joints: NDArray[Any],
    protocol: Protocol,
    body: SMPLBody,
) -> TrackErrors:
    reference = _limbs_only(track.reference, body)
    sample = {
        'name': track.name,
        'frame_ids': track.frame_ids,
        'fps': track.fps,
        'stride': track.stride,
        'prediction': {'joints': {CONVENTION: joints}},
        'reference': reference_fields(reference, body, protocol.frame),
    }
    return evaluate_track(sample, protocol)


def _limbs_only(
    reference: BodyReference | None, body: SMPLBody
) -> BodyReference | None:
    """The reference's limb joints, without its body."""
    if reference is None:
        return None
    joints, convention = reference.joints, reference.convention
    if joints is None:
        whole = reference_fields(
            replace(reference, convention=CONVENTION), body
        )
        assert whole is not None
        joints, convention = whole['joints'].numpy(), CONVENTION
    assert convention is not None
    valid = reference.joints_valid
    if convention != CONVENTION:  # the limbs' names are the same everywhere
        known = np.ones(joints.shape[:2]) if valid is None else valid
        joints, known = convert_keypoints(
            joints, known, convention, CONVENTION
        )
        valid = known > 0
    return replace(
        reference,
        joints=joints,
        convention=CONVENTION,
        joints_valid=valid,
        pose=None,
        betas=None,
        transl=None,
    )
