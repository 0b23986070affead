"""2D error of a detector on the four cameras of ``pose2sim``.

A keypoint of one camera is compared with the projection of the point that the
other three cameras triangulate. With the detector's own keypoints in those
three this needs no other detector; with the keypoints of a fixed detector all
detectors are compared with the same points, which share its bias.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from ...conventions import keypoint_index, keypoint_names
from ...detection import DetectionResult
from ...geometry.triangulation import Camera, project
from .references import CONVENTION, MIN_SCORE, limb_views, triangulate_limbs


@dataclass(frozen=True)
class DetectorScore:
    """Errors of a detector in one camera or in all.

    Attributes:
        compared: Share of the 12 limb joints of all frames that have both a
            keypoint and a reference.
        median: Of the distance, px.
        p90: 90th percentile of the distance, px.
        without_offset: Median distance, px, after the median vector of each
            camera is subtracted: errors of the calibration move all points
            of a camera (``docs/pose2sim.md``).
    """

    compared: float
    median: float
    p90: float
    without_offset: float


def limb_offsets(
    detections: Mapping[str, DetectionResult],
    cameras: Sequence[Camera],
    reference: Mapping[str, DetectionResult] | None = None,
    min_score: float = MIN_SCORE,
) -> dict[str, np.ndarray]:
    """Keypoints minus the left-out reference.

    Args:
        detections: By the name of the camera; one for each camera.
        cameras: The calibration.
        reference: Keypoints that are triangulated; None takes
            ``detections``.
        min_score: Keypoints of a lower score are left out.

    Returns:
        Name of the camera to ``[T, 12, 2]``, px, of all frames that any
        camera of the reference has; NaN without a keypoint or a reference.

    Raises:
        InputError: If a camera is missing or the rates differ.
    """
    used = min_score if reference is None else MIN_SCORE
    views = limb_views(reference or detections, cameras, min_score=used)
    limbs = keypoint_names(CONVENTION)
    offsets = {}
    for index, camera in enumerate(cameras):
        others = [i for i in range(len(cameras)) if i != index]
        found = triangulate_limbs(views, others)
        there = project(found.points, camera)
        result = detections[camera.name]
        joints = keypoint_index(result.convention, limbs)
        same = np.isin(result.frame_ids, views.frame_ids)
        rows = np.searchsorted(views.frame_ids, result.frame_ids[same])
        off = np.full_like(there, np.nan)
        known = result.scores[same][:, joints] >= min_score
        known &= found.valid[rows]
        off[rows] = np.where(
            known[..., None],
            result.keypoints[same][:, joints] - there[rows],
            np.nan,
        )
        offsets[camera.name] = off
    return offsets


def score_offsets(offsets: Mapping[str, np.ndarray]) -> DetectorScore:
    """Summary of the offsets of one or more cameras.

    Args:
        offsets: Name of the camera to ``[T, 12, 2]``, px, with NaN.

    Returns:
        The score; NaN where nothing could be compared.
    """
    whole, centred, count = [], [], 0
    for off in offsets.values():
        flat = off.reshape(-1, 2)
        flat = flat[np.isfinite(flat).all(axis=1)]
        count += off.shape[0] * off.shape[1]
        whole.append(flat)
        if len(flat):
            centred.append(flat - np.median(flat, axis=0))
    distances = np.linalg.norm(np.concatenate(whole), axis=1)
    if not len(distances):
        return DetectorScore(0.0, np.nan, np.nan, np.nan)
    around = np.linalg.norm(np.concatenate(centred), axis=1)
    return DetectorScore(
        len(distances) / count,
        float(np.median(distances)),
        float(np.percentile(distances, 90)),
        float(np.median(around)),
    )
