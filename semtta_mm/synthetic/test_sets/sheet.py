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
from .variants import variants_of

FEWEST_COLUMNS = 6
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
    variants = list(variants_of(job.plan.shift))
    tracks = [load_track(job.track_path(name)) for name in variants]
    # Handheld sets have three variants: each is shown twice.
    cycles = 1 if len(variants) + 2 >= FEWEST_COLUMNS else 2
    columns = 2 + cycles * len(variants)
    shortest = min(len(track) for track in tracks)
    at = np.linspace(0, shortest - 1, columns).round().astype(int)
    tiles = []
    for column, number in enumerate(at):
        # The first and the last frame have no evidence.
        drawn = 0 < column < columns - 1
        track = tracks[(column - 1) % len(tracks)] if drawn else None
        video = (track or tracks[0]).video
        assert video is not None
        frame = (track or tracks[0]).frame_ids[number]
        ((_, image),) = read_frames(video, np.array([frame]))
        tiles.append(_tile(image, track, number))
    _write(tiles[0], f'{job.name}: {job.take.label}')
    for column, variant in enumerate(variants, 1):
        _write(tiles[column], variant)
    return np.concatenate(tiles, axis=1)


def _tile(
    image: np.ndarray, track: PersonTrack | None, frame: int
) -> np.ndarray:
    scale = _TILE / max(image.shape[:2])
    if image.shape[0] == image.shape[1]:
        image = cv2.resize(image, (_TILE, _TILE))
    else:
        image = _padded(cv2.resize(image, None, fx=scale, fy=scale))
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


def _padded(image: np.ndarray) -> np.ndarray:
    """Grey to the right of an image or below it."""
    tile = np.full((_TILE, _TILE, 3), 90, np.uint8)
    tile[: image.shape[0], : image.shape[1]] = image[:_TILE, :_TILE]
    return tile


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
