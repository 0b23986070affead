"""Several calibrated cameras: undistort, triangulate, project.

Hartley and Zisserman, *Multiple View Geometry*, 2nd ed., section 12.2 (linear
triangulation); the lens model is Brown's, as in OpenCV.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_ITERATIONS = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 50, 1e-12)
_DEGENERATE = 1e-9


@dataclass(frozen=True, eq=False)
class Camera:
    """A calibrated camera; ``x_camera = rotation @ x_world + translation``.

    Camera axes: x right, y down, z forward.

    Attributes:
        name: Name of the camera in the calibration.
        intrinsics: ``[3, 3]``, px.
        distortion: ``[4]``: k1, k2, p1, p2.
        rotation: World to camera ``[3, 3]``.
        translation: World to camera ``[3]``, m.

    Raises:
        ValueError: On a wrong shape, a NaN, or a matrix that is no rotation.
    """

    name: str
    intrinsics: NDArray[Any]
    distortion: NDArray[Any]
    rotation: NDArray[Any]
    translation: NDArray[Any]

    def __post_init__(self) -> None:
        shapes = ((3, 3), (4,), (3, 3), (3,))
        for item, shape in zip(fields(self)[1:], shapes, strict=True):
            value = np.asarray(getattr(self, item.name), np.float64)
            object.__setattr__(self, item.name, value)
            if value.shape != shape or not np.isfinite(value).all():
                raise ValueError(f'{item.name}: needs finite {shape}')
        k = self.intrinsics
        if k[0, 0] <= 0 or k[1, 1] <= 0 or (k[2] != (0, 0, 1)).any():
            raise ValueError('intrinsics: need fx, fy > 0 and row (0, 0, 1)')
        r = self.rotation
        off = np.abs(r @ r.T - np.eye(3)).max()
        if off > 1e-3 or np.linalg.det(r) < 0:
            raise ValueError(f'rotation: is not one (off by {off:.2g})')

    @property
    def extrinsics(self) -> NDArray[Any]:
        """``[R | t]``, ``[3, 4]``: projects to normalised coordinates."""
        return np.column_stack([self.rotation, self.translation])


@dataclass(frozen=True, eq=False)
class Triangulation:
    """3D points and their validity.

    Attributes:
        points: ``[T, K, 3]``, m, world frame; 0 where not valid.
        valid: ``[T, K]``, bool.
    """

    points: NDArray[Any]
    valid: NDArray[Any]


def undistort_points(points: NDArray[Any], camera: Camera) -> NDArray[Any]:
    """Pixels to normalised coordinates without lens distortion.

    Args:
        points: ``[..., 2]``, px as detected. NaN (missing) stays NaN.
        camera: The camera that detected them.

    Returns:
        ``[..., 2]``: x / z and y / z in the camera frame.
    """
    flat = np.asarray(points, np.float64).reshape(-1, 1, 2)
    out = np.full_like(flat, np.nan)
    known = np.isfinite(flat).all(axis=(1, 2))
    if known.any():
        out[known] = cv2.undistortPointsIter(
            flat[known],
            camera.intrinsics,
            camera.distortion,
            np.eye(3),
            np.eye(3),
            _ITERATIONS,
        )
    return out.reshape(np.shape(points))


def world_to_camera(points: NDArray[Any], camera: Camera) -> NDArray[Any]:
    """World frame to camera frame, ``[..., 3]``, m."""
    local: NDArray[Any] = points @ camera.rotation.T + camera.translation
    return local


def project(
    points: NDArray[Any], camera: Camera, distort: bool = True
) -> NDArray[Any]:
    """Project points to a camera image.

    Args:
        points: ``[..., 3]``, m, world frame.
        camera: The camera.
        distort: Apply the lens distortion; without it the camera is an
            ideal pinhole.

    Returns:
        ``[..., 2]``, px. Points at or behind the camera's plane are NaN.
    """
    local = world_to_camera(np.asarray(points, np.float64), camera)
    flat = local.reshape(-1, 3)
    out = np.full((len(flat), 2), np.nan)
    front = flat[:, 2] > 0
    if front.any():
        lens = camera.distortion if distort else np.zeros(4)
        zero = np.zeros(3)
        pixels, _ = cv2.projectPoints(
            flat[front], zero, zero, camera.intrinsics, lens
        )
        out[front] = pixels[:, 0]
    return out.reshape(*local.shape[:-1], 2)


def triangulate(
    points: NDArray[Any], weights: NDArray[Any], cameras: Sequence[Camera]
) -> Triangulation:
    """Weighted linear triangulation (DLT) of many points at once.

    Each view gives two rows ``w (u p3 - p1)`` and ``w (v p3 - p2)`` of a
    homogeneous system; the last right singular vector solves it.

    Note:
        - cameras: C
        - frames: T
        - points of a frame: K

    Args:
        points: Normalised, undistorted ``[C, T, K, 2]``.
        weights: ``[C, T, K]``, at least 0; 0 means not detected, and the
            point is ignored.
        cameras: The C cameras.

    Returns:
        The points. Valid are those that were detected in two or more
        cameras, that are determined by them (not two equal rays), and that
        lie in front of all cameras that detected them.

    Raises:
        ValueError: On wrong shapes, a negative or NaN weight, or a NaN point
            of positive weight.
    """
    points, weights = _checked(points, weights, len(cameras))
    detected = weights > 0
    filled = np.where(detected[..., None], points, 0.0)
    matrices = np.stack([camera.extrinsics for camera in cameras])
    # [C, T, K, 2, 4]
    rows = filled[..., None] * matrices[:, None, None, 2:]
    rows = weights[..., None, None] * (rows - matrices[:, None, None, :2])
    count, t, k = weights.shape
    system = rows.transpose(1, 2, 0, 3, 4).reshape(t, k, 2 * count, 4)
    _, values, vectors = np.linalg.svd(system, full_matrices=True)
    solved = _solved(values, vectors[..., 3, 3]) & (detected.sum(axis=0) >= 2)
    scale = np.where(solved, vectors[..., 3, 3], 1.0)
    found = vectors[..., 3, :3] / scale[..., None]
    depth = np.stack([world_to_camera(found, c)[..., 2] for c in cameras])
    valid = solved & ((depth > 0) | ~detected).all(axis=0)
    return Triangulation(np.where(valid[..., None], found, 0.0), valid)


def _checked(
    points: NDArray[Any], weights: NDArray[Any], count: int
) -> tuple[NDArray[Any], NDArray[Any]]:
    points = np.asarray(points, np.float64)
    weights = np.asarray(weights, np.float64)
    if count < 2:
        raise ValueError(f'cameras: triangulation needs 2, got {count}')
    if weights.ndim != 3 or len(weights) != count:
        raise ValueError(
            f'weights: expected [{count}, T, K], got {weights.shape}'
        )
    if points.shape != (*weights.shape, 2):
        raise ValueError(
            f'points: expected {(*weights.shape, 2)}, got {points.shape}'
        )
    if not (weights >= 0).all() or not np.isfinite(weights).all():
        raise ValueError('weights: must be finite and at least 0')
    if not np.isfinite(points[weights > 0]).all():
        raise ValueError('points: a point with weight > 0 is NaN')
    return points, weights


def _solved(values: NDArray[Any], last: NDArray[Any]) -> NDArray[Any]:
    """One solution (rank 3), and not at infinity."""
    unique = values[..., 2] > _DEGENERATE * values[..., 0]
    solved: NDArray[Any] = unique & (np.abs(last) > _DEGENERATE)
    return solved
