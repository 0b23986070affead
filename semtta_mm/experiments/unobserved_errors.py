"""Causes of the errors of unobserved joints: root and local rotations."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..evaluation import evaluate_track
from ..evaluation.functional.tilt import CAMERA_UP, root_errors
from ..evaluation.protocol import Protocol
from ..evaluation.track_sample import (
    ray_turn,
    reference_fields,
    unobserved_joints,
)
from ..geometry import (
    axis_angle_to_matrix,
    project_to_rotation,
    rotation_angle,
)
from ..models.adaptors.observed_rotations import observed_rotations
from ..models.bodies import SMPLBody
from ..structures import PersonTrack, SMPLParams

Values = dict[str, float | None]

TRUE_ROOT = 'mpjpe_occluded_true_root'
TRUE_HIDDEN = 'mpjpe_occluded_true_hidden'
_BY_VISIBILITY = ('mpjpe_visible', 'mpjpe_occluded', 'pa_mpjpe_occluded')


def true_pose(
    track: PersonTrack, body: SMPLBody, frame: str = 'camera'
) -> Tensor | None:
    """A reference's rotations, in the axes in which bodies are compared.

    Args:
        track: With a reference.
        body: Of the reference.
        frame: ``'camera'`` or ``'pelvis_ray'``.

    Returns:
        Rotation matrices ``[T, 24, 3, 3]``; None without such a reference.
    """
    reference = track.reference
    if reference is None or reference.pose is None:
        return None
    pose = axis_angle_to_matrix(torch.as_tensor(reference.pose).float())
    if frame == 'pelvis_ray':
        fields = reference_fields(reference, body)
        assert fields is not None
        joints = fields['joints'].numpy()
        turn = ray_turn(joints, fields['convention'], reference.valid)
        pose[:, 0] = turn.mT @ pose[:, 0]
    return pose


def rotation_errors(
    track: PersonTrack,
    pose: Tensor,
    truth: Tensor,
    up: Tensor | None = None,
    shown: Tensor | None = None,
) -> Values:
    """Errors of rotations, independent of joint positions.

    Args:
        track: With the evidence.
        pose: Predicted rotation matrices ``[T, 24, 3, 3]``.
        truth: The same of the reference.
        up: Unit vectors against gravity ``[T, 3]`` in the same axes; None
            takes a level camera's.
        shown: Frames in which the pictures show the person ``[T]``, bool;
            None takes all.

    Returns:
        ``root_deg``, mean angle between predicted and true root;
        ``root_constant_deg``, angle of its mean error: the part that is
        constant over the track, as of a wrong camera tilt;
        ``root_shown_deg``, the same of the frames that show the person, None
        without any; ``tilt_deg``,
        ``heading_deg``, ``tilt_constant_deg`` and ``heading_constant_deg``,
        the absolute parts of both, see :func:`.root_errors`; and
        ``hidden_deg``, the mean angle of rotations that no keypoint of the
        evidence constrains, None where there is none.
    """
    angle = rotation_angle(pose, truth).rad2deg()
    hidden = angle[~_observed(track)]
    error = pose[:, 0] @ truth[:, 0].mT
    if shown is None:
        shown = torch.ones(len(error), dtype=torch.bool)
    if up is None:
        up = truth.new_tensor(CAMERA_UP).expand(len(truth), 3)
    root = root_errors(pose[:, 0], truth[:, 0], up.to(truth))
    return {
        'root_deg': float(angle[:, 0].mean()),
        'root_constant_deg': _constant_deg(error),
        'root_shown_deg': _constant_deg(error[shown]) if shown.any() else None,
        'tilt_deg': float(root.tilt.mean()),
        'heading_deg': float(root.heading.abs().mean()),
        'tilt_constant_deg': root.tilt_constant,
        'heading_constant_deg': abs(root.heading_constant),
        'hidden_deg': float(hidden.mean()) if len(hidden) else None,
    }


def _constant_deg(error: Tensor) -> float:
    """Angle of the mean of rotations ``[T, 3, 3]``, degrees."""
    mean = project_to_rotation(error.mean(dim=0))
    return float(rotation_angle(mean, torch.eye(3)).rad2deg())


def oracle_errors(
    track: PersonTrack,
    params: SMPLParams,
    truth: Tensor,
    protocol: Protocol,
    body: SMPLBody,
) -> Values:
    """Errors of unobserved joints with a part of the true pose.

    Args:
        track: With the evidence.
        params: Predicted bodies.
        truth: Rotation matrices of the reference ``[T, 24, 3, 3]``, in the
            protocol's axes.
        protocol: How bodies are compared.
        body: Of prediction and reference.

    Returns:
        ``mpjpe_occluded_true_root`` and ``mpjpe_occluded_true_hidden``, mm:
        with the true root, and with the true unobserved rotations. None
        where every rotation is observed.
    """
    hidden = ~_observed(track)
    out: Values = {TRUE_ROOT: None, TRUE_HIDDEN: None}
    if not hidden.any():
        return out
    root = torch.zeros_like(hidden)
    root[:, 0] = True
    for name, part in ((TRUE_ROOT, root), (TRUE_HIDDEN, hidden)):
        pose = torch.where(part[..., None, None], truth, params.pose)
        mixed = SMPLParams.from_pose(pose, params.betas)
        with torch.no_grad():
            posed = body(mixed, False, ('smpl_24',)).keypoints['smpl_24']
        errors = errors_by_visibility(track, posed, protocol, body)
        out[name] = errors['mpjpe_occluded']
    return out


def errors_by_visibility(
    track: PersonTrack, joints: Tensor, protocol: Protocol, body: SMPLBody
) -> Values:
    """Errors of joints that are observed and unobserved in the evidence.

    Args:
        track: With the evidence.
        joints: Predicted, ``smpl_24`` ``[T, 24, 3]``, m.
        protocol: How bodies are compared.
        body: Of the reference.

    Returns:
        ``mpjpe_visible``, ``mpjpe_occluded`` and ``pa_mpjpe_occluded``, mm.
    """
    sample = joint_sample(track, joints, protocol, body)
    values = evaluate_track(sample, protocol).values
    return {k: values[k] for k in _BY_VISIBILITY}


def joint_sample(
    track: PersonTrack, joints: Tensor, protocol: Protocol, body: SMPLBody
) -> dict[str, Any]:
    """Predicted joints and reference as a sample of ``MeshMetric``.

    Args:
        track: With evidence and reference.
        joints: Predicted, ``smpl_24`` ``[T, 24, 3]``, m.
        protocol: How bodies are compared.
        body: Of the reference.
    """
    return {
        'name': track.name,
        'frame_ids': track.frame_ids,
        'fps': track.fps,
        'stride': track.stride,
        'prediction': {'joints': {'smpl_24': joints}},
        'reference': reference_fields(track.reference, body, protocol.frame),
        'occluded': unobserved_joints(track, track.reference),
    }


def _observed(track: PersonTrack) -> Tensor:
    visible = torch.from_numpy(track.scores > 0)
    return observed_rotations(visible, track.convention)
