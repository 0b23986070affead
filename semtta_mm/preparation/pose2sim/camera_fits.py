"""Body fits to the limbs of each camera's reference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ...conventions import keypoint_index, keypoint_names
from ...detection import DetectionResult
from ...geometry.triangulation import Camera, world_to_camera
from ...models.bodies import SMPLBody
from ...structures import PersonTrack
from .body_fit import BodyFit, FitOptions, fit_body
from .references import CONVENTION, limb_views, triangulate_limbs

BODY_CONVENTION = 'blazepose_33'
"""Head, hands and feet constrain rotations that the limbs do not."""


@dataclass(frozen=True)
class CameraFit:
    """Bodies in the frame of a camera, fitted to the other cameras.

    Attributes:
        frame_ids: Consecutive frames ``[T]``.
        fit: T bodies.
    """

    frame_ids: np.ndarray
    fit: BodyFit

    def limb_residuals(self) -> np.ndarray:
        """Of the 12 limb joints ``[T, 12]``, m; NaN where not valid."""
        names = keypoint_names(CONVENTION)
        return self.fit.residuals[:, keypoint_index(BODY_CONVENTION, names)]


def fit_cameras(
    detections: Mapping[str, DetectionResult],
    cameras: Sequence[Camera],
    body: SMPLBody,
    options: FitOptions | None = None,
) -> dict[str, CameraFit]:
    """For each camera, fit a body to the triangulation of the others.

    Args:
        detections: By the name of the camera, convention ``blazepose_33``.
        cameras: The calibration, at least three cameras.
        body: The body.
        options: Of the fit.

    Returns:
        By the name of the camera; no fit uses that camera's 2D.

    Raises:
        InputError: See :func:`limb_views`.
        ValueError: See :func:`fit_body`.
    """
    views = limb_views(detections, cameras, BODY_CONVENTION)
    ids = np.arange(views.frame_ids[0], views.frame_ids[-1] + 1)
    rows = np.searchsorted(ids, views.frame_ids)
    fps = next(iter(detections.values())).fps
    fits = {}
    for c, camera in enumerate(cameras):
        others = [i for i in range(len(cameras)) if i != c]
        found = triangulate_limbs(views, others)
        points = np.zeros((len(ids), *found.points.shape[1:]))
        observed = np.zeros(points.shape[:2], bool)
        points[rows] = world_to_camera(found.points, camera)
        observed[rows] = found.valid
        fit = fit_body(points, observed, body, BODY_CONVENTION, fps, options)
        fits[camera.name] = CameraFit(ids, fit)
    return fits


def with_body(track: PersonTrack, found: CameraFit) -> PersonTrack:
    """A track with the fitted body in its reference.

    Args:
        track: With a reference; its frames are among those of the fit.
        found: Fit for the camera of the track.

    Returns:
        The same frames; ``reference.pose_source`` is ``'smpl_fit'``.

    Raises:
        ValueError: If the track has no reference or a frame has no fit.
    """
    if track.reference is None:
        raise ValueError('reference: the track has none')
    if not np.isin(track.frame_ids, found.frame_ids).all():
        raise ValueError('frame_ids: a frame of the track has no fit')
    rows = np.searchsorted(found.frame_ids, track.frame_ids)
    params = found.fit.params
    if params.transl is None:
        raise ValueError('transl: the fit has none')
    reference = replace(
        track.reference,
        pose=params.axis_angle().numpy()[rows],
        betas=params.betas.numpy()[rows],
        transl=params.transl.numpy()[rows],
        pose_source='smpl_fit',
    )
    return replace(track, reference=reference)
