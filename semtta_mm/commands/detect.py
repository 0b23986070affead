"""``semtta detect``: a video to 2D keypoints."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..detection import (
    BlazePoseDetector,
    DetectionResult,
    Detector2D,
    MMPoseDetector,
    detect_video,
    save_detections,
)
from ..detection.blazepose import VARIANTS
from ..detection.mmpose import DEFAULT_CONFIG
from ..detection.video import FORMATS
from ..setup_env import register_all_modules
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import FieldList, make_console


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta detect',
        description="Detect one person's 2D keypoints in a video.",
    )
    add = parser.add_argument
    add('video', type=Path, help='video file or folder of images')
    add('--out', type=Path, required=True, help='folder for the keypoints')
    add(
        '--format',
        choices=FORMATS,
        default='npz',
        help='npz: one track file; openpose: one JSON a frame',
    )
    add('--variant', choices=VARIANTS, default='heavy', help='of BlazePose')
    add(
        '--frames',
        metavar='START:STOP:STEP',
        help='which frames, as a Python slice; default: all',
    )
    add('--fps', type=float, help="default: the video's")
    add('--smooth', action='store_true', help='smooth over time')
    add('--threads', type=int, default=2, help='CPU threads')
    add('--detector-file', type=Path, help='tflite file; default: fetched')
    add('--landmark-file', type=Path, help='tflite file; default: fetched')
    add_mmpose_options(parser)
    return parser


def add_mmpose_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose a model of mmpose."""
    add = parser.add_argument_group('mmpose').add_argument
    add(
        '--mmpose',
        nargs='?',
        const=DEFAULT_CONFIG,
        metavar='CONFIG',
        help='use mmpose: a config, its name, or an alias such as rtmpose-m; '
        f'without a value {DEFAULT_CONFIG}, which ships',
    )
    add('--checkpoint', help="file or URL; default: the config's")
    add(
        '--people',
        choices=('blazepose', 'image'),
        default='blazepose',
        help="whose box; image: the whole image; default: BlazePose's",
    )
    add('--device', default='cpu', help='torch device of the model')


def build_detector(args: argparse.Namespace) -> Detector2D:
    """The detector of the command line.

    Raises:
        InputError: If a value is bad, or ``--checkpoint`` is given without
            ``--mmpose``.
    """
    if args.mmpose:
        return MMPoseDetector(
            args.mmpose,
            args.checkpoint,
            'image' if args.people == 'image' else None,
            device=args.device,
        )
    if args.checkpoint:
        fix = 'add --mmpose CONFIG'
        raise InputError('--checkpoint', 'value', 'is of no config', fix)
    return BlazePoseDetector(
        args.variant,
        args.detector_file,
        args.landmark_file,
        smooth=args.smooth,
        threads=args.threads,
    )


def parse_frames(text: str | None) -> slice | None:
    """``'10:200:2'`` to a slice; parts may be empty, None is all.

    Raises:
        InputError: If it is no slice.
    """
    if text is None:
        return None
    try:
        parts = [int(part) if part else None for part in text.split(':')]
        start, stop, step = (*parts, None)[:3]
    except ValueError:
        parts = []
    if not 2 <= len(parts) <= 3:
        raise InputError(
            '--frames', text, 'is no slice', 'write START:STOP or ::STEP'
        )
    return slice(start, stop, step)


def summary_table(result: DetectionResult, written: Path) -> FieldList:
    """The detections, and where they were written."""
    visible = (result.scores >= 0.3).sum(axis=1).mean()
    fields = {
        'frames': f'{len(result)} of {len(result.searched)}',
        'fps': f'{result.fps / result.stride:g}',
        'mean visible': f'{visible:.1f} / {result.scores.shape[1]}',
    }
    return FieldList('', [(str(written), fields)])


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    detector = build_detector(args)
    frames = parse_frames(args.frames)
    result = detect_video(args.video, args.out, detector, frames, args.fps)
    written = save_detections(result, args.video, args.out, args.format)
    make_console().print(summary_table(result, written))
    return 0
