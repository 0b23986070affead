"""A track's prediction in the camera that filmed it, with one shape."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor

from ...datasets.rates import contiguous_runs
from ...geometry import project_points, unproject_points
from ...geometry.track_translation import track_translation
from ...geometry.translation import robust_translation
from ...structures import SMPLParams, TrackPrediction
from ..bodies import SMPLBody
from .rays import NOISE
from .session import Session
from .viewing import pelvis_in_camera, pelvis_ray_turn, viewing_intrinsics

_NEIGHBOURS = 0.5
"""Frames up to this many seconds away have a similar depth."""


@dataclass(frozen=True)
class TrackPlacement:
    """Settings of :func:`viewed_prediction`.

    Attributes:
        acceleration: Expected acceleration of the body, m/s^2.
        noise: Error of a keypoint of the body, in sides of the box.
    """

    acceleration: float = 5.0
    noise: float = 3 * NOISE


@torch.no_grad()
def viewed_prediction(
    session: Session,
    body: SMPLBody,
    found: TrackPrediction,
    placement: TrackPlacement | None = None,
) -> TrackPrediction:
    """One camera for all frames, one shape, and a place in metres.

    The camera is that of the track, or guessed from the size of its images,
    see :func:`.viewing_intrinsics`; a track without both is returned as it
    is. Root rotations are turned from the ray of each crop to the camera's
    axes. The shape is the mean over the frames.

    Args:
        session: Of the track.
        body: The body, on any device.
        found: A prediction of the track.
        placement: How translations are fitted to the detected keypoints of
            all frames; None keeps the place and size in the image that the
            prediction has in each frame.

    Returns:
        The prediction, on the CPU, without vertices. Its intrinsics are the
        same in all frames, unless the track's own differ.
    """
    camera = viewing_intrinsics(session)
    if camera is None:
        return found
    pose = found.params.pose.clone()
    if session.intrinsics is None:
        boxes = torch.from_numpy(np.asarray(session.frames.track.boxes))
        pose[:, 0] = pelvis_ray_turn(boxes.float(), camera).mT @ pose[:, 0]
    betas = found.params.betas.mean(0).expand(len(pose), -1).contiguous()
    params = SMPLParams.from_pose(pose, betas)
    names = tuple(dict.fromkeys((*found.joints, 'smpl_24')))
    posed = body(params.to(body.v_template.device), False, names).keypoints
    posed = {name: joints.cpu() for name, joints in posed.items()}
    transl = pelvis_in_camera(found, camera) - posed['smpl_24'][:, 0]
    points = posed[session.frames.convention]
    if placement is not None:
        transl = _placed(session, points, transl, camera, placement)
    joints = {name: posed[name] + transl[:, None] for name in found.joints}
    return replace(
        found,
        params=replace(params, transl=transl),
        intrinsics=camera.contiguous(),
        joints=joints,
        joints2d=project_points(points + transl[:, None], camera),
        vertices=None,
    )


def _placed(
    session: Session,
    points: Tensor,
    start: Tensor,
    camera: Tensor,
    placement: TrackPlacement,
) -> Tensor:
    """Translations fitted to the detected keypoints ``[T, 3]``, m.

    Args:
        session: Of the track.
        points: Keypoints of the untranslated body ``[T, K, 3]``, m.
        start: Translations without keypoints ``[T, 3]``, m.
        camera: ``[T, 3, 3]``, px.
        placement: The settings.
    """
    frames, track = session.frames, session.frames.track
    seen = session.scores > 0
    rays = unproject_points(frames.keypoints, camera)[..., :2]
    boxes = torch.from_numpy(np.asarray(track.boxes)).float()
    side = (boxes[:, 2:] - boxes[:, :2]).amax(dim=-1) / camera[:, 0, 0]
    times = frames.frame_ids / frames.fps
    reach = round(_NEIGHBOURS * track.rate)
    first = start.clone()
    for run in contiguous_runs(track.frame_ids, track.stride):
        found = robust_translation(
            points[run], rays[run], seen[run], side[run], NOISE, reach
        )
        detected = seen[run].any(dim=1)
        first[run] = found.where(detected[:, None], start[run])
    return track_translation(
        points,
        rays,
        seen,
        placement.noise * side,
        times,
        first,
        placement.acceleration,
    )
