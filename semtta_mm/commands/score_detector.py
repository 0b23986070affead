"""``semtta score-detector``: 2D error of detectors on four real videos."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

from ..detection import (
    BlazePoseDetector,
    DetectionResult,
    Detector2D,
    MMPoseDetector,
    detect_video,
)
from ..detection.blazepose import VARIANTS
from ..detection.mmpose import DEFAULT_CONFIG
from ..geometry.triangulation import Camera
from ..preparation.pose2sim import read_qualisys
from ..preparation.pose2sim.detector_score import (
    DetectorScore,
    limb_offsets,
    score_offsets,
)
from ..preparation.pose2sim.references import MIN_SCORE
from ..setup_env import register_all_modules
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.package_data import cache_dir, fetch_known
from ..utils.wide_table import WideTable
from .detect import parse_frames

BLAZEPOSE = 'blazepose-'
REFERENCE = 'blazepose-heavy'
COLUMNS = ('compared', 'p90', 'median', 'ratio', 'without\noffset', 'ratio')
OWN = 'left-out reprojection of limbs_12, px; reference: the detector itself'
FIXED = 'the same, reference: BlazePose heavy for all'


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta score-detector',
        description='Compare the 2D keypoints of each of four real cameras '
        'with the points that the other three triangulate.',
    )
    add = parser.add_argument
    add(
        'detectors',
        nargs='*',
        metavar='DETECTOR',
        help=f'{", ".join(BLAZEPOSE + v for v in VARIANTS)}, or a config of '
        'mmpose (see `semtta detect --mmpose`), with =CHECKPOINT if it has '
        f'none; default: {REFERENCE} {DEFAULT_CONFIG}. Ratios are to the '
        'first',
        default=[REFERENCE, DEFAULT_CONFIG],
    )
    add(
        '--people',
        choices=('blazepose', 'image'),
        default='blazepose',
        help='boxes for mmpose: of BlazePose lite, or the whole image',
    )
    add(
        '--frames',
        metavar='START:STOP:STEP',
        help='which frames, as a Python slice; default: all 100',
    )
    add(
        '--min-score',
        type=float,
        default=MIN_SCORE,
        help='lower keypoints are left out',
    )
    add(
        '--out',
        type=Path,
        help='folder of earlier detections; default: in the cache',
    )
    return parser


def named_detector(name: str, people: str = 'blazepose') -> Detector2D:
    """The detector of a name on the command line.

    Raises:
        InputError: If it is not valid.
    """
    if name.startswith(BLAZEPOSE):
        return BlazePoseDetector(name.removeprefix(BLAZEPOSE), threads=1)
    config, _, checkpoint = name.partition('=')
    boxes = 'image' if people == 'image' else None
    return MMPoseDetector(config, checkpoint or None, boxes)


def detect_cameras(
    detector: Detector2D,
    cameras: Sequence[Camera],
    folder: Path,
    frames: slice | None,
) -> dict[str, DetectionResult]:
    """Detections by the name of the camera; earlier ones are read."""
    return {
        camera.name: detect_video(
            fetch_known(f'pose2sim/{camera.name}.mp4'),
            folder,
            detector,
            frames,
        )
        for camera in cameras
    }


def score_table(
    detections: Mapping[str, Mapping[str, DetectionResult]],
    cameras: Sequence[Camera],
    reference: str | None = None,
    min_score: float = MIN_SCORE,
) -> WideTable:
    """A row for each detector and camera, and one for all cameras.

    Args:
        detections: Name of the detector to its detections.
        cameras: The calibration.
        reference: Detector that makes all references; None takes each
            detector's own.
        min_score: Keypoints of a lower score are left out.
    """
    fixed = None if reference is None else detections[reference]
    table = WideTable(
        ['detector', 'camera'],
        COLUMNS,
        title=OWN if fixed is None else FIXED,
    )
    first: dict[str, DetectorScore] = {}
    for name, found in detections.items():
        offsets = limb_offsets(found, cameras, fixed, min_score)
        parts = {camera: {camera: off} for camera, off in offsets.items()}
        for camera, part in (parts | {'all': offsets}).items():
            score = score_offsets(part)
            base = first.setdefault(camera, score)
            table.add_row(_short(name), camera, *_cells(score, base))
    return table


def _short(name: str) -> str:
    """``'net'`` of ``'folder/net.py=weights.pth'``."""
    return Path(name.partition('=')[0]).stem


def _cells(score: DetectorScore, base: DetectorScore) -> list[str]:
    return [
        f'{score.compared:.1%}',
        f'{score.p90:.1f}',
        f'{score.median:.1f}',
        f'{score.median / base.median:.2f}',
        f'{score.without_offset:.1f}',
        f'{score.without_offset / base.without_offset:.2f}',
    ]


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    if not 0 <= args.min_score <= 1:
        problem, fix = f'is {args.min_score}', 'use a value in [0, 1]'
        raise InputError('--min-score', 'value', problem, fix)
    register_all_modules()
    cameras = read_qualisys(fetch_known('pose2sim/Calib.qca.txt'))
    folder = args.out or cache_dir()
    names = list(dict.fromkeys(args.detectors))
    frames = parse_frames(args.frames)
    found = {
        name: detect_cameras(
            named_detector(name, args.people), cameras, folder, frames
        )
        for name in names
    }
    console = make_console()
    console.print(score_table(found, cameras, None, args.min_score))
    if REFERENCE in found:
        console.print(score_table(found, cameras, REFERENCE, args.min_score))
    return 0
