"""A contact sheet: some frames of every clip with their 2D evidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np

from ...datasets.track_io import load_track
from ...datasets.video import read_frames
from ...structures import PersonTrack
from ...visualization import draw_keypoints
from .clip_job import ClipJob
from .variants import VARIANTS

COLUMNS = 6
_TILE = 256


def contact_sheet(jobs: Sequence[ClipJob]) -> np.ndarray:
    """One row per clip: plain frames and, between them, frames with evidence.

    The frames with evidence cycle through the variants.

    Args:
        jobs: Rendered clips.

    Returns:
        BGR, uint8.
    """
    return np.concatenate([_row(job) for job in jobs])


def write_sheet(jobs: Sequence[ClipJob], path: Path) -> Path:
    """Write the contact sheet."""
    cv2.imwrite(str(path), contact_sheet(jobs))
    return path


def _row(job: ClipJob) -> np.ndarray:
    tracks = [load_track(job.track_path(name)) for name in VARIANTS]
    at = np.linspace(0, len(tracks[0]) - 1, COLUMNS).round().astype(int)
    tiles = []
    for column, number in enumerate(at):
        # The first and the last frame have no evidence.
        drawn = 0 < column < COLUMNS - 1
        track = tracks[(column - 1) % len(tracks)] if drawn else None
        video = (track or tracks[0]).video
        assert video is not None
        ((_, image),) = read_frames(video, np.array([number]))
        tiles.append(_tile(image, track, number))
    _write(tiles[0], f'{job.name}: {job.take.label}')
    for column, variant in enumerate(VARIANTS, 1):
        _write(tiles[column], variant)
    return np.concatenate(tiles, axis=1)


def _tile(
    image: np.ndarray, track: PersonTrack | None, frame: int
) -> np.ndarray:
    scale = _TILE / len(image)
    image = cv2.resize(image, (_TILE, _TILE))
    if track is None:
        return image
    track = replace(track, keypoints=track.keypoints * scale)
    canvas = draw_keypoints(
        image,
        track.keypoints[frame],
        track.scores[frame] > 0,
        track.convention,
        thickness=1,
    )
    low, high = (track.boxes[frame] * scale).reshape(2, 2).astype(int)
    cv2.rectangle(canvas, low.tolist(), high.tolist(), (255, 255, 255), 1)
    return canvas


def _write(tile: np.ndarray, text: str) -> None:
    """Text at the top of a tile, in place."""
    for colour, width in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(
            tile,
            text,
            (4, 14),
            cv2.FONT_HERSHEY_SIMPLEX,
            0.4,
            colour,
            width,
            cv2.LINE_AA,
        )
