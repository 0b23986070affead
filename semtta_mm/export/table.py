"""A long table of joints and keypoints, for spreadsheets and pandas."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from ..registry import FUNCTIONS
from ..structures.pose_bank import Source
from ..utils.files import write_atomically
from .keypoints import Points, evidence_points, joint_points
from .track import ExportTrack

FILE = 'joints.csv'
COLUMNS = (
    'frame',
    'time',
    'person',
    'kind',
    'joint',
    'x',
    'y',
    'z',
    'u',
    'v',
    'source',
)
WORLD_COLUMNS = ('world_x', 'world_y', 'world_z')


@FUNCTIONS.register_module()
def write_csv(track: ExportTrack, folder: Path) -> Path:
    """Write ``joints.csv``: a row for each point of each frame.

    ``kind`` is ``joint`` (SMPL's 24) or ``keypoint`` (of the evidence's
    convention); x, y, z are in m, camera frame, u, v their projection, px;
    ``source`` says whether a keypoint was detected, filled or is missing.
    With ``world`` there are also ``world_x``, ``world_y``, ``world_z``.

    Args:
        track: The person.
        folder: For the file.

    Returns:
        The file.
    """
    columns = COLUMNS + (WORLD_COLUMNS if track.world else ())

    def save(draft: Path) -> None:
        with draft.open('w', newline='', encoding='utf-8') as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(_rows(track))

    write_atomically(folder / FILE, save)
    return folder / FILE


def _rows(track: ExportTrack) -> Iterator[list[Any]]:
    result = track.result
    tables: list[tuple[str, Points, Any]] = [
        ('joint', joint_points(track), None),
        ('keypoint', evidence_points(track), result.bank_source),
    ]
    for t, frame in enumerate(result.frame_ids.tolist()):
        head = [frame, f'{frame / result.fps:.4f}', result.name]
        for kind, points, sources in tables:
            for n, name in enumerate(points.names):
                row = [*head, kind, name]
                row += _metres(points.camera[t, n])
                row += [f'{value:.2f}' for value in points.pixels[t, n]]
                source = ''
                if sources is not None:
                    source = Source(int(sources[t, n])).name.lower()
                row.append(source)
                if points.world is not None:
                    row += _metres(points.world[t, n])
                yield row


def _metres(point: Any) -> list[str]:
    """Tenths of a millimetre; empty if unknown."""
    return [f'{value:.4f}' if np.isfinite(value) else '' for value in point]
