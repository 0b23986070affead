"""Tracks of four synchronous cameras with an independent reference.

The reference of a camera is triangulated from the *other* cameras, so it
does not depend on the input of a method. It still shares the detector's
bias (BlazePose's position of a hip); its error is 20-35 mm.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...conventions import keypoint_index, keypoint_names
from ...detection import DetectionResult
from ...geometry.triangulation import (
    Camera,
    Triangulation,
    project,
    triangulate,
    undistort_points,
    world_to_camera,
)
from ...structures import BodyReference, PersonTrack
from ...utils import InputError

CONVENTION = 'limbs_12'
MIN_SCORE = 0.5
"""Keypoints of a lower score are not used in the triangulation."""
MAX_ERROR = 40.0
"""px, about 10 cm here: a joint with a larger reprojection error in a view
is not valid."""


@dataclass(frozen=True, eq=False)
class MultiView:
    """Keypoints of all cameras, frame by frame.

    Attributes:
        frame_ids: Frames that any camera has ``[T]``.
        pixels: ``[C, T, K, 2]``, px as detected; NaN where not detected.
        weights: ``[C, T, K]``: score, or 0 if too low.
        cameras: The C cameras.
    """

    frame_ids: np.ndarray
    pixels: np.ndarray
    weights: np.ndarray
    cameras: tuple[Camera, ...]


def limb_views(
    detections: Mapping[str, DetectionResult],
    cameras: Sequence[Camera],
    convention: str = CONVENTION,
    min_score: float = MIN_SCORE,
) -> MultiView:
    """Put the detections of all cameras side by side.

    Args:
        detections: By the name of the camera; one for each camera.
        cameras: The calibration.
        convention: The K keypoints; by default the 12 limb joints.
        min_score: Keypoints of a lower score are not used.

    Raises:
        InputError: If a camera has no detection or the reverse, or rates
            differ.
    """
    _check_same(detections, cameras)
    results = [detections[camera.name] for camera in cameras]
    ids = np.unique(np.concatenate([r.frame_ids for r in results]))
    names = keypoint_names(convention)
    shape = (len(results), len(ids), len(names))
    pixels, weights = np.full((*shape, 2), np.nan), np.zeros(shape)
    for c, result in enumerate(results):
        rows = np.searchsorted(ids, result.frame_ids)
        joints = keypoint_index(result.convention, names)
        scores = result.scores[:, joints]
        used = scores >= min_score
        weights[c, rows] = np.where(used, scores, 0)
        pixels[c, rows] = np.where(
            used[..., None], result.keypoints[:, joints], np.nan
        )
    return MultiView(ids, pixels, weights, tuple(cameras))


def _check_same(
    detections: Mapping[str, DetectionResult], cameras: Sequence[Camera]
) -> None:
    names = sorted(camera.name for camera in cameras)
    if sorted(detections) != names:
        raise InputError(
            'detections',
            'cameras',
            f'{sorted(detections)} are not those of the calibration, {names}',
            'give one detection for each calibrated camera',
        )
    rates = {name: result.fps for name, result in detections.items()}
    if len(set(rates.values())) > 1:
        raise InputError(
            'detections',
            'fps',
            f'differ: {rates}',
            'triangulation needs synchronous cameras: use videos of one rate',
        )


def triangulate_limbs(
    views: MultiView,
    chosen: Sequence[int] | None = None,
    max_error: float = MAX_ERROR,
) -> Triangulation:
    """Keypoints in the world, from some of the cameras.

    Args:
        views: Keypoints of the cameras.
        chosen: Indices of the cameras to use; None takes all.
        max_error: A joint is not valid if its projection is further than
            this from the keypoint of a chosen camera, px.

    Returns:
        Points ``[T, K, 3]``, m, world frame.
    """
    index = list(range(len(views.cameras)) if chosen is None else chosen)
    cameras = [views.cameras[i] for i in index]
    rays = np.stack(
        [undistort_points(views.pixels[i], views.cameras[i]) for i in index]
    )
    found = triangulate(rays, views.weights[index], cameras)
    valid = found.valid.copy()
    for i, camera in zip(index, cameras, strict=True):
        off = np.linalg.norm(
            project(found.points, camera) - views.pixels[i], axis=-1
        )
        valid &= (views.weights[i] == 0) | (off <= max_error)
    return Triangulation(np.where(valid[..., None], found.points, 0), valid)


def convert_pose2sim(
    detections: Mapping[str, DetectionResult],
    cameras: Sequence[Camera],
    videos: Mapping[str, Path] | None = None,
    evidence: Mapping[str, DetectionResult] | None = None,
) -> list[PersonTrack]:
    """One track per camera with a reference from the other cameras.

    The 2D evidence stays as detected, in px of the video, which is not
    undistorted; the intrinsics of the track are those of a pinhole. The
    error of that is :func:`.lens_residual`.

    Args:
        detections: By the name of the camera; source of the references.
        cameras: The calibration, at least three cameras.
        videos: Videos by name of the camera; may be incomplete.
        evidence: 2D of the tracks, by name, e.g. of a weaker detector; None
            takes ``detections``. Frames that no camera has in
            ``detections`` are left out.

    Returns:
        Tracks in the order of ``cameras``, named after them. Reference:
        ``limbs_12``, m, frame of that camera (x right, y down, z forward);
        joints that are not valid are 0. A frame is valid if both hips are,
        since errors are computed about their middle.

    Raises:
        InputError: See :func:`limb_views`; also for fewer than three
            cameras, or if a camera has no detection.
    """
    if len(cameras) < 3:
        problem = f'{len(cameras)}, a left-out camera leaves fewer than 2'
        fix = 'use three or more cameras'
        raise InputError('calibration', 'cameras', problem, fix)
    views = limb_views(detections, cameras)
    tracks = []
    for c, camera in enumerate(cameras):
        result = (evidence or detections)[camera.name]
        track = result.to_track(camera.name, (videos or {}).get(camera.name))
        track = track[np.isin(track.frame_ids, views.frame_ids)]
        others = [i for i in range(len(cameras)) if i != c]
        rows = np.searchsorted(views.frame_ids, track.frame_ids)
        found = triangulate_limbs(views, others)
        track.reference = _reference(found, rows, camera)
        track.intrinsics = np.tile(
            camera.intrinsics.astype(np.float32), (len(track), 1, 1)
        )
        tracks.append(track)
    return tracks


def _reference(
    found: Triangulation, rows: np.ndarray, camera: Camera
) -> BodyReference:
    """Reference of some frames in the axes of a camera."""
    valid = found.valid[rows]
    joints = world_to_camera(found.points[rows], camera)
    hips = keypoint_index(CONVENTION, ('left_hip', 'right_hip'))
    return BodyReference(
        joints=np.where(valid[..., None], joints, 0).astype(np.float32),
        convention=CONVENTION,
        joints_valid=valid,
        valid=valid[:, hips].all(axis=1),
    )
