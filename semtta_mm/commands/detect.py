"""``semtta detect``: a video to 2D keypoints."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..datasets.video import video_info, video_notes
from ..detection import (
    BlazePoseDetector,
    Detector2D,
    MMPoseDetector,
    MoveNetPersonDetector,
    Person,
    find_people,
)
from ..detection.blazepose import VARIANTS
from ..detection.frames import rate_note
from ..detection.mmpose import DEFAULT_CONFIG
from ..detection.people import choose, main_first
from ..detection.reader import selected_frames
from ..detection.video import CACHE_FOLDER, FORMATS, save_people
from ..setup_env import register_all_modules
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import FieldList, make_console, print_notes
from .frame_options import add_frame_options, frame_selection
from .people import add_person_option, nobody, stage_bars, write_people


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta detect',
        description='Detect the 2D keypoints of the people in a video.',
    )
    add = parser.add_argument
    add('video', type=Path, help='video file or folder of images')
    add('--out', type=Path, required=True, help='folder for the keypoints')
    add(
        '--format',
        choices=FORMATS,
        default='npz',
        help='npz: a track file for each person; openpose: one JSON a frame',
    )
    add('--variant', choices=VARIANTS, default='heavy', help='of BlazePose')
    add(
        '--frames',
        metavar='START:STOP:STEP',
        help='which frames, as a Python slice instead of --start ...',
    )
    add_person_option(parser)
    add('--smooth', action='store_true', help='smooth over time')
    add('--threads', type=int, default=2, help='CPU threads')
    add_frame_options(parser)
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


def chosen_frames(args: argparse.Namespace) -> slice | None:
    """The frames of ``--frames``, or of ``--start`` and the others.

    Raises:
        InputError: If both are given, or one is wrong.
    """
    selection = frame_selection(args)
    if args.frames is None:
        return selected_frames(args.video, selection, args.fps)
    if selection.config():
        fix = 'give one of them'
        raise InputError('--frames', 'and --start ...', 'are given', fix)
    return parse_frames(args.frames)


def summary_table(people: Sequence[Person], written: list[Path]) -> FieldList:
    """The people, and where their detections were written."""
    items = []
    for i, person in enumerate(people):
        result = person.poses
        visible = (result.scores >= 0.3).sum(axis=1).mean()
        first, last = person.boxes.frame_ids[[0, -1]].tolist()
        fields = {
            'person': str(person.id),
            'frames': f'{len(result)}, from {first} to {last}',
            'fps': f'{result.fps / result.stride:g}',
            'mean visible': f'{visible:.1f} / {result.scores.shape[1]}',
        }
        items.append((str(written[min(i, len(written) - 1)]), fields))
    return FieldList('', items)


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    detector = build_detector(args)
    frames = chosen_frames(args)
    note = rate_note(args.video, args.fps)
    notes = [] if note is None else [note]
    with stage_bars(args.video) as stage:
        people = find_people(
            args.video,
            detector,
            MoveNetPersonDetector(),
            args.out / CACHE_FOLDER,
            stage=stage,
            fps=args.fps,
            frames=frames,
        )
    write_people(args.out, people)
    notes += video_notes(video_info(args.video))
    console = make_console()
    if not people:
        console.print(nobody(args.video))
        print_notes(console, notes)
        return 0
    if args.person is None:
        people = main_first(people)
    else:
        people = choose(people, args.person)
    written = save_people(people, args.video, args.out, args.format)
    console.print(summary_table(people, written))
    print_notes(console, notes)
    return 0
