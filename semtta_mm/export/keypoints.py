"""Keypoints of a result in 3D and 2D, for tables and JSON."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ..geometry import project_points
from .track import ExportTrack


@dataclass(frozen=True)
class Points:
    """Named points of all frames.

    Note:
        - frames of the track: T; points: N

    Attributes:
        names: Of the points.
        camera: ``[T, N, 3]``, m, camera frame; NaN if unknown.
        pixels: ``[T, N, 2]``, px.
        world: ``[T, N, 3]``, m, on the floor; None without ``world``.
    """

    names: tuple[str, ...]
    camera: NDArray[Any]
    pixels: NDArray[Any]
    world: NDArray[Any] | None


def joint_points(track: ExportTrack) -> Points:
    """SMPL's 24 joints with their projections.

    Args:
        track: The person.
    """
    result = track.result
    joints = torch.from_numpy(result.joints3d).double()
    camera = torch.from_numpy(result.cam_intrinsics).double()
    pixels = project_points(joints, camera).numpy()
    names = tuple(result.arrays['joint_names'].tolist())
    return Points(names, result.joints3d, pixels, _placed(track, joints))


def evidence_points(track: ExportTrack) -> Points:
    """The model's keypoints of the evidence's convention.

    Their 3D is unknown in files of version 1.

    Args:
        track: The person.
    """
    result = track.result
    count = result.joints2d.shape[1]
    names = result.keypoint_names or tuple(
        f'keypoint_{i}' for i in range(count)
    )
    points = result.keypoints3d
    if points is None:
        points = np.full((len(result), count, 3), np.nan)
    world = _placed(track, torch.from_numpy(points))
    return Points(names, points, result.joints2d, world)


def _placed(track: ExportTrack, points: torch.Tensor) -> NDArray[Any] | None:
    if not track.world:
        return None
    placed: NDArray[Any] = track.placement.points(points.float()).numpy()
    return placed
