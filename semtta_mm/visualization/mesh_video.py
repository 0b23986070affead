"""Video with panels of the 2D evidence and of meshes on the image."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from pathlib import Path

import cv2
import numpy as np

from ..datasets.video import read_frames
from ..structures import PersonTrack, TrackPrediction
from ..utils import InputError
from .renderer import draw_mesh
from .timing import timing
from .track_video import draw_track
from .video_writer import VideoWriter
from .views import titled

HEIGHT = 640
"""Largest height of the video, px."""


def write_mesh_video(
    track: PersonTrack,
    predictions: Mapping[str, TrackPrediction],
    faces: np.ndarray,
    path: str | PathLike[str],
    height: int = HEIGHT,
    filled: np.ndarray | None = None,
) -> Path:
    """Write the 2D evidence and one panel with a mesh for each prediction.

    Args:
        track: The track; its video is read.
        predictions: Title to prediction of the same frames, with vertices.
        faces: ``[F, 3]``.
        path: The mp4 to write.
        height: Larger images are scaled down to this, px.
        filled: See :func:`~semtta_mm.visualization.track_video.draw_track`.

    Returns:
        The file written.

    Raises:
        InputError: If the video is absent or lacks a frame.
    """
    if track.video is None:
        raise InputError(track.name, 'video', 'is not given', 'give video=...')
    images = read_frames(track.video, track.frame_ids, track.numbering)
    clock = timing(track.video, track.frame_ids, track.fps, track.stride)
    with VideoWriter(path, clock.fps, clock.audio, clock.start) as writer:
        for t, (number, image) in enumerate(images):
            scale = min(1.0, height / image.shape[0])
            evidence = draw_track(image, track, number, filled)
            panels = [titled(_scaled(evidence, scale), '2D evidence')]
            small = _scaled(image, scale)
            panels += [
                titled(_mesh_panel(small, p, t, faces, scale), title)
                for title, p in predictions.items()
            ]
            writer.write(np.concatenate(panels, axis=1), clock.at(t))
    return Path(path)


def _mesh_panel(
    image: np.ndarray,
    prediction: TrackPrediction,
    t: int,
    faces: np.ndarray,
    scale: float,
) -> np.ndarray:
    if prediction.vertices is None:
        raise ValueError('prediction: has no vertices to draw')
    intrinsics = prediction.intrinsics[t].numpy().astype(float)
    intrinsics[:2] *= scale
    vertices = prediction.vertices[t].numpy()
    return draw_mesh(image, vertices, faces, intrinsics, opacity=0.85)


def _scaled(image: np.ndarray, scale: float) -> np.ndarray:
    size = [int(round(n * scale)) // 2 * 2 for n in image.shape[1::-1]]
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA)
