"""Place, depth and jitter of a demo's results in the camera's axes.

    python tools/demo.py --out work_dirs/demo
    python tools/measure_placement.py work_dirs/demo

The references of the four real tracks are in metres in the same axes. Depth
steps are of the middle of the hips; accelerations of 2D keypoints are second
differences over the longer side of the person's box.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.table import Table

from semtta_mm.apis.config import read_config
from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.geometry.pelvis_ray import mid_hip
from semtta_mm.registry import DATASETS
from semtta_mm.structures import PersonTrack
from semtta_mm.utils import InputError
from semtta_mm.utils.command import one_line_errors
from semtta_mm.utils.console import make_console

HIPS = [SMPL_JOINTS.index(name) for name in ('left_hip', 'right_hip')]
COLUMNS = (
    'depth, m',
    'error, m',
    'sideways, mm',
    'step, %',
    'largest, %',
    'of the truth',
    'acc. mesh, %',
    'acc. 2D, %',
)


def values(track: PersonTrack, arrays: dict[str, np.ndarray]) -> list[float]:
    """Numbers of one track, see :data:`COLUMNS`.

    Args:
        track: With 2D evidence and reference.
        arrays: Of its ``result.npz``.
    """
    reference = track.reference
    assert reference is not None and reference.joints is not None
    true = mid_hip(reference.joints, reference.convention or 'limbs_12')
    found = arrays['joints3d'][:, HIPS].mean(axis=1)
    steps = 100 * np.abs(np.diff(found[:, 2])) / found[1:, 2]
    off = found - true
    return [
        true[:, 2].mean(),
        off[:, 2].mean(),
        1000 * np.linalg.norm(off[:, :2], axis=1).mean(),
        steps.mean(),
        steps.max(),
        (100 * np.abs(np.diff(true[:, 2])) / true[1:, 2]).mean(),
        acceleration(arrays['joints2d'], track),
        acceleration(track.keypoints, track),
    ]


def acceleration(points: np.ndarray, track: PersonTrack) -> float:
    """Mean second difference of detected keypoints, % of the box.

    Args:
        points: ``[T, K, 2]``, px.
        track: Gives boxes, and which keypoints were detected.
    """
    seen = track.scores > 0
    thrice = seen[2:] & seen[1:-1] & seen[:-2]
    second = np.diff(points, 2, axis=0)
    side = (track.boxes[:, 2:] - track.boxes[:, :2]).max(axis=1)[1:-1, None]
    size = 100 * np.linalg.norm(second, axis=-1) / side
    return float(size[thrice].mean())


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Print a table; see :func:`.one_line_errors`."""
    parser = argparse.ArgumentParser(
        description=(__doc__ or '').split('\n')[0]
    )
    parser.add_argument('work_dir', type=Path, help='of the demo')
    folder = parser.parse_args(argv).work_dir
    dataset = DATASETS.build(read_config('semtta_hmr_demo_lifter').tracks)
    table = Table('track', *COLUMNS)
    for track in dataset.tracks:
        path = folder / track.name / 'result.npz'
        if not path.exists():
            raise InputError(path, 'file', 'does not exist', 'run the demo')
        with np.load(path, allow_pickle=False) as arrays:
            row = values(track, dict(arrays))
        table.add_row(track.name, *(f'{value:.2f}' for value in row))
    make_console().print(table)
    return 0


if __name__ == '__main__':
    raise SystemExit(main())
