"""A track's prediction with other rotations."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.optimize import least_squares
from torch import Tensor

from ...geometry import project_points
from ...structures import SMPLParams, TrackPrediction
from ..bodies import SMPLBody
from .rays import NOISE
from .session import Session
from .viewing import pelvis_in_camera, viewing_intrinsics

_DEPTH = 0.2
"""Expected change of the depth, of its logarithm."""

Array = NDArray[Any]


@torch.no_grad()
def posed_prediction(
    session: Session, body: SMPLBody, pose: Tensor, betas: Tensor
) -> TrackPrediction:
    """The last prediction with another pose and shape.

    Each frame's translation is fitted to its detected keypoints, near the
    old one; without keypoints it stays. ``camera`` stays the network's. A
    crop camera has hardly any perspective: in its place intrinsics are those
    of :func:`ray_intrinsics`, of the known or guessed camera.

    Args:
        session: After a refresh pass.
        body: The body, on any device.
        pose: Rotation matrices ``[T, 24, 3, 3]``.
        betas: ``[T, 10]``.
    """
    found, frames = session.refreshed, session.frames
    params = SMPLParams.from_pose(pose, betas)
    names = tuple(dict.fromkeys((*found.joints, 'smpl_24')))
    posed = body(params.to(body.v_template.device), False, names).keypoints
    posed = {name: joints.cpu() for name, joints in posed.items()}
    intrinsics = found.intrinsics
    viewing = viewing_intrinsics(session)
    if viewing is not None and session.intrinsics is None:
        intrinsics = ray_intrinsics(frames.boxes, viewing)
    start = pelvis_in_camera(found, intrinsics) - posed['smpl_24'][:, 0]
    points = posed[frames.convention]
    sides = (frames.boxes[:, 2:] - frames.boxes[:, :2]).amax(dim=-1)
    transl = start.clone()
    for t, seen in enumerate(session.scores > 0):
        transl[t] = torch.from_numpy(
            near_translation(
                points[t, seen].double().numpy(),
                frames.keypoints[t, seen].double().numpy(),
                intrinsics[t].double().numpy(),
                start[t].double().numpy(),
                NOISE * float(sides[t]),
            )
        ).to(transl)
    joints = {name: posed[name] + transl[:, None] for name in found.joints}
    return replace(
        found,
        params=replace(params, transl=transl),
        intrinsics=intrinsics,
        joints=joints,
        joints2d=project_points(joints[frames.convention], intrinsics),
    )


def ray_intrinsics(boxes: Tensor, intrinsics: Tensor) -> Tensor:
    """A camera along the pelvis ray, with another one's perspective.

    The axes of the network's rotations are those of the ray through the
    middle of the box. The exact projection from there is a homography; this
    one has the same focal length and the middle of the box as its principal
    point, which is close for the few degrees of a person in a picture.

    Args:
        boxes: Of the person ``[T, 4]`` (x1, y1, x2, y2), px.
        intrinsics: Of the camera that filmed them ``[T, 3, 3]``, px.

    Returns:
        ``[T, 3, 3]``, px.
    """
    out = intrinsics.clone()
    out[:, :2, 2] = (boxes[:, :2] + boxes[:, 2:]) / 2
    return out


def near_translation(
    points: Array,
    keypoints: Array,
    intrinsics: Array,
    start: Array,
    noise: float,
) -> Array:
    """The most probable translation of a frame ``[3]``, m.

    Robust to wrong keypoints (Huber), and with a prior on the depth: few
    keypoints, or some of the wrong side, do not determine it.

    Args:
        points: Of the untranslated body ``[K, 3]``, m.
        keypoints: Where they were detected ``[K, 2]``, px.
        intrinsics: ``[3, 3]``, px.
        start: The old translation ``[3]``, m, which is kept without points.
        noise: Error of a detected keypoint, px.
    """
    if not len(points):
        return start
    ahead = float(start[2])

    def residuals(change: Array) -> Array:
        """Of ``(dx, dy)`` over the depth, and the logarithm of its change."""
        depth = ahead * np.exp(change[2])
        moved = points + [*(start[:2] + ahead * change[:2]), depth]
        projected = moved @ intrinsics.T
        away = projected[:, :2] / projected[:, 2:] - keypoints
        return np.append(away.ravel() / noise, change[2] / _DEPTH)

    scale = np.array([noise / intrinsics[0, 0]] * 2 + [_DEPTH])
    fit = least_squares(residuals, np.zeros(3), loss=_robust, x_scale=scale)
    dx, dy, grown = fit.x
    moved: Array = np.array(
        [start[0] + ahead * dx, start[1] + ahead * dy, ahead * np.exp(grown)]
    )
    return moved


def _robust(squares: Array) -> Array:
    """Huber's loss of all squared residuals but the prior, with derivatives.

    See ``loss`` of :func:`scipy.optimize.least_squares`.
    """
    out: Array = np.stack(
        (squares, np.ones_like(squares), np.zeros_like(squares))
    )
    far = squares > 1
    far[-1] = False
    root = np.sqrt(squares[far])
    out[:, far] = 2 * root - 1, 1 / root, -0.5 / root**3
    return out
