"""A predicted track and its reference, as a sample of ``MeshMetric``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..conventions import convert_keypoints
from ..datasets import TrackFrames
from ..geometry.pelvis_ray import mid_hip, pelvis_ray_rotation
from ..models.bodies import SMPLBody
from ..structures import (
    BodyReference,
    PersonTrack,
    SMPLParams,
    TrackPrediction,
)
from .protocol import FRAMES


def track_sample(
    frames: TrackFrames,
    prediction: TrackPrediction,
    body: SMPLBody,
    frame: str = 'camera',
    reference_bodies: Mapping[str, SMPLBody] | None = None,
) -> dict[str, Any]:
    """One sample for ``MeshMetric``.

    Args:
        frames: The track with evidence and, maybe, reference.
        prediction: Of the same frames.
        body: The body that the reference's pose and shape belong to.
        frame: ``'camera'`` or ``'pelvis_ray'``: the axes in which the
            reference is compared; the prediction is not turned.
        reference_bodies: Gender to the body of a reference of that gender;
            ``body`` is used where none is given.

    Raises:
        ValueError: On an unknown frame.
    """
    tight, reference = frames.track.boxes, frames.reference
    if reference is not None:
        body = (reference_bodies or {}).get(reference.gender, body)
    return {
        'name': frames.name,
        'frame_ids': frames.frame_ids,
        'fps': frames.fps,
        'stride': frames.stride,
        'prediction': {
            'joints': prediction.joints,
            'vertices': prediction.vertices,
            'joints2d': prediction.joints2d,
        },
        'reference': reference_fields(
            reference, body, frame, prediction.vertices is not None
        ),
        'evidence': {
            'keypoints': frames.keypoints,
            'visible': frames.scores > 0,
            'box_size': (tight[:, 2:] - tight[:, :2]).max(axis=1),
        },
        'occluded': unobserved_joints(frames.track, reference),
    }


def unobserved_joints(
    track: PersonTrack, reference: BodyReference | None
) -> NDArray[Any]:
    """Joints of the reference that the 2D evidence lacks ``[T, J]``, bool.

    Joints that the evidence's convention does not have are not among them.

    Args:
        track: With the evidence.
        reference: Its convention gives the joints.
    """
    source, scores = track.convention, track.scores
    target = reference_convention(reference)
    nothing = np.zeros((*scores.shape, 0))
    _, observed = convert_keypoints(nothing, scores, source, target)
    _, existing = convert_keypoints(nothing, scores * 0 + 1, source, target)
    lacking: NDArray[Any] = (existing > 0) & (observed == 0)
    return lacking


def reference_convention(reference: BodyReference | None) -> str:
    """Convention of a reference's joints."""
    if reference is None or reference.convention is None:
        return 'smpl_24'
    return reference.convention


def reference_fields(
    reference: BodyReference | None,
    body: SMPLBody,
    frame: str = 'camera',
    mesh: bool = True,
) -> dict[str, Any] | None:
    """Joints and vertices of a reference.

    Joints are the reference's own, else those of its pose and shape.
    Vertices exist if pose and shape do.

    Args:
        reference: The reference, or None.
        body: The body of its pose and shape.
        frame: See :func:`track_sample`.
        mesh: Whether to give vertices.

    Raises:
        ValueError: On an unknown frame.
    """
    if frame not in FRAMES:
        raise ValueError(f'frame: {frame!r} is none of {FRAMES}')
    if reference is None:
        return None
    convention = reference_convention(reference)
    joints, vertices = _posed(reference, body, convention, mesh)
    if reference.joints is not None:
        joints = torch.as_tensor(reference.joints).float()
    assert joints is not None
    if frame == 'pelvis_ray':
        turn = ray_turn(joints.numpy(), convention, reference.valid)
        joints = joints @ turn
        vertices = None if vertices is None else vertices @ turn
    return {
        'joints': joints,
        'convention': convention,
        'vertices': vertices,
        'valid': reference.valid,
        'joints_valid': reference.joints_valid,
    }


def _posed(
    reference: BodyReference, body: SMPLBody, convention: str, mesh: bool
) -> tuple[Tensor | None, Tensor | None]:
    if reference.pose is None or reference.betas is None:
        return None, None
    if reference.pose_source == 'smpl_fit' and not body.is_open:
        return None, None  # fitted with the open body: other vertices, betas
    params = SMPLParams.from_axis_angle(
        torch.as_tensor(reference.pose).float(),
        torch.as_tensor(reference.betas).float(),
        None
        if reference.transl is None
        else torch.as_tensor(reference.transl).float(),
    )
    device = body.v_template.device
    with torch.no_grad():
        out = body(params.to(device), mesh, (convention,))
    vertices = None if out.vertices is None else out.vertices.cpu()
    return out.keypoints[convention].cpu(), vertices


def ray_turn(
    joints: NDArray[Any], convention: str, valid: NDArray[Any] | None
) -> Tensor:
    """Rotations that turn a reference into the axes of the pelvis' ray.

    Args:
        joints: Of the reference ``[T, J, 3]``, m, camera frame.
        convention: Of the joints.
        valid: Frames that count ``[T]``; None: all.

    Returns:
        ``[T, 3, 3]``, to apply from the right; identity where invalid.
    """
    turn = np.tile(np.eye(3), (len(joints), 1, 1))
    known = np.ones(len(joints), bool) if valid is None else valid
    root = mid_hip(joints[known], convention)
    turn[known] = pelvis_ray_rotation(root)
    return torch.from_numpy(turn.transpose(0, 2, 1)).float()
