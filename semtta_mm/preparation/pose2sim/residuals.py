"""Residuals that measure the quality of a triangulated reference."""

import numpy as np

from ...geometry.pelvis_ray import mid_hip, pelvis_ray_rotation
from ...geometry.triangulation import project, undistort_points
from ...structures import PersonTrack
from .references import MultiView, triangulate_limbs


def own_reprojection(views: MultiView, index: int) -> np.ndarray:
    """Distance of a camera's 2D from the projected reference.

    Args:
        views: Keypoints of the cameras.
        index: The left-out camera.

    Returns:
        ``[T, 12]``, px; NaN without a detection or without a reference.
    """
    others = [i for i in range(len(views.cameras)) if i != index]
    found = triangulate_limbs(views, others)
    there = project(found.points, views.cameras[index])
    off = np.linalg.norm(there - views.pixels[index], axis=-1)
    return np.where(found.valid, off, np.nan)


def leave_one_out_std(views: MultiView) -> np.ndarray:
    """Standard deviation of the reference over subsets of cameras.

    Returns:
        ``[T, 12]``, m: root of the summed variances of x, y and z over the
        C triangulations that each lack one camera; NaN unless all C are
        valid.
    """
    count = range(len(views.cameras))
    found = [
        triangulate_limbs(views, [i for i in count if i != c]) for c in count
    ]
    std = np.sqrt(np.stack([f.points for f in found]).var(axis=0).sum(-1))
    return np.where(np.all([f.valid for f in found], axis=0), std, np.nan)


def lens_residual(views: MultiView, index: int) -> np.ndarray:
    """Error of a pinhole model with the same intrinsics.

    Returns:
        ``[T, 12]``, px between the detected keypoint and its undistorted
        place; NaN without a detection.
    """
    camera, pixels = views.cameras[index], views.pixels[index]
    rays = undistort_points(pixels, camera)
    pinhole = rays @ camera.intrinsics[:2, :2].T + camera.intrinsics[:2, 2]
    return np.linalg.norm(pinhole - pixels, axis=-1)


def ray_angles(track: PersonTrack) -> np.ndarray:
    """Angle from the optical axis to the reference's pelvis.

    Args:
        track: With reference joints as ``limbs_12``.

    Returns:
        ``[V]``, degrees, of the ``V`` frames with a valid reference.

    Raises:
        ValueError: If the track has no reference joints.
    """
    reference = track.reference
    if reference is None or reference.joints is None:
        raise ValueError('reference: the track has none')
    joints = reference.joints[reference.valid]
    rotation = pelvis_ray_rotation(mid_hip(joints))
    return np.degrees(np.arccos(np.clip(rotation[:, 2, 2], -1, 1)))
