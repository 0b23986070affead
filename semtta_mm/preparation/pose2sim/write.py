"""Files of the ``pose2sim`` tracks: 2D, references, BlazePose's 3D."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import cv2
import numpy as np
import torch

from ...conventions import keypoint_index, keypoint_names
from ...datasets.pose2sim_tracks import MONOCULAR
from ...datasets.track_io import save_track
from ...detection import DetectionResult
from ...geometry.triangulation import Camera
from .camera_fits import CameraFit, with_body
from .references import CONVENTION, convert_pose2sim

Detections = Mapping[str, Mapping[str, DetectionResult]]
"""By source (network), then by camera."""


def write_tracks(
    folder: Path,
    detections: Detections,
    cameras: Sequence[Camera],
    fits: Mapping[str, CameraFit],
    videos: Mapping[str, Path],
) -> None:
    """Write ``{source}/{camera}.npz`` and BlazePose's own 3D.

    Args:
        folder: Output folder; created if absent.
        detections: All references come from the first source.
        cameras: The calibration.
        fits: Body of each camera's reference.
        videos: Videos to name in the tracks; may be empty.
    """
    best = next(iter(detections.values()))
    for source, found in detections.items():
        for track in convert_pose2sim(best, cameras, videos, found):
            path = folder / source / f'{track.name}.npz'
            save_track(path, with_body(track, fits[track.name]))
        path = folder / MONOCULAR.format(source=source)
        np.savez_compressed(path, **monocular_arrays(found))


def monocular_arrays(
    detections: Mapping[str, DetectionResult],
) -> dict[str, np.ndarray]:
    """BlazePose's 3D of the limbs, flat, by camera.

    Returns:
        ``{camera}_frame_ids [T]`` and ``{camera}_joints [T, 12, 3]``, m,
        about the middle of the hips.

    Raises:
        ValueError: If a detection has no 3D.
    """
    arrays: dict[str, np.ndarray] = {}
    for camera, result in detections.items():
        if result.world is None:
            raise ValueError(f'world: the detections of {camera} have none')
        names = keypoint_names(CONVENTION)
        limbs = keypoint_index(result.convention, names)
        arrays[f'{camera}_frame_ids'] = result.frame_ids
        arrays[f'{camera}_joints'] = result.world[:, limbs]
    return arrays


def write_manifest(
    folder: Path,
    detections: Detections,
    fits: Mapping[str, CameraFit],
    command: str,
) -> dict:
    """Write ``manifest.json``: files, hashes, versions, residuals.

    Args:
        folder: Output folder of :func:`write_tracks`.
        detections: See :func:`write_tracks`.
        fits: See :func:`write_tracks`.
        command: The command that made the files.

    Returns:
        The content of the file.
    """
    manifest = {
        'what': 'Arrays derived from the videos of Pose2Sim 0.10.49 '
        '(Demo_SinglePerson)',
        'licence': 'BSD-3-Clause (Pose2Sim: videos, calibration), Apache-2.0 '
        '(BlazePose networks), CC0-1.0 (open body)',
        'command': command,
        'made_with': {
            module.__name__: module.__version__ for module in (torch, np, cv2)
        },
        'videos': {c: f'pose2sim/{c}.mp4' for c in fits},
        'frames_seen': {
            source: {camera: len(result) for camera, result in found.items()}
            for source, found in detections.items()
        },
        'fit_residual_mm': {c: _residual(fit) for c, fit in fits.items()},
        'files': {
            str(path.relative_to(folder)): {
                'bytes': path.stat().st_size,
                'sha256': hashlib.sha256(path.read_bytes()).hexdigest(),
            }
            for path in sorted(_written(folder, detections))
        },
    }
    text = json.dumps(manifest, indent=1) + '\n'
    (folder / 'manifest.json').write_text(text)
    return manifest


def _written(folder: Path, detections: Detections) -> list[Path]:
    files = [
        folder / source / f'{camera}.npz'
        for source, found in detections.items()
        for camera in found
    ]
    return files + [folder / MONOCULAR.format(source=s) for s in detections]


def _residual(found: CameraFit) -> dict[str, object]:
    limbs = found.limb_residuals()
    names = keypoint_names(CONVENTION)
    medians = np.nanmedian(limbs, axis=0)
    return {
        'median': round(1000 * float(np.nanmedian(limbs)), 1),
        'p95': round(1000 * float(np.nanpercentile(limbs, 95)), 1),
        'joints': {
            name: round(1000 * float(value), 1)
            for name, value in zip(names, medians, strict=True)
        },
    }
