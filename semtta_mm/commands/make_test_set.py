"""``semtta make-test-set``: held-out synthetic test sets."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from pathlib import Path

from ..synthetic.test_sets import (
    EDITIONS,
    HELD_OUT,
    SHIFTS,
    SIZE_PX,
    SIZES,
    TestSetPlan,
    make_clips,
    plan_clips,
)
from ..synthetic.test_sets.manifest import (
    finish_manifest,
    start_manifest,
)
from ..synthetic.test_sets.sheet import write_sheet
from ..utils import InputError
from ..utils.command import RESUME_BY_RERUN, one_line_errors
from ..utils.console import make_console
from ..utils.files import file_sha256
from ..utils.progress import with_progress


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta make-test-set',
        description='Render held-out videos with exact 3D and detected 2D.',
    )
    add = parser.add_argument
    add('--edition', choices=EDITIONS, required=True, help='of the motions')
    add('--split', choices=HELD_OUT, required=True)
    add('--size', choices=sorted(SIZES), default='small')
    add('--out', type=Path, required=True, help='folder of the test set')
    add('--cmu', type=Path, help='CMU clips (npz); needed by --edition cmu')
    add('--seed', type=int, default=0)
    add(
        '--size-px',
        type=int,
        help='side of the images, px; of handheld: the longer side '
        '(default: 256, handheld 640)',
    )
    add(
        '--shift',
        choices=SHIFTS,
        default='all',
        help='none: bodies, cameras, appearance as in training; '
        'handheld: filmed with a phone, 2D by a real detector',
    )
    add('--workers', type=int, default=2, help='processes')
    return parser


def plan_of(args: argparse.Namespace) -> TestSetPlan:
    """The test set of the arguments.

    Raises:
        InputError: If they do not fit together.
    """
    if (args.edition == 'cmu') != (args.cmu is not None):
        problem = 'is missing' if args.edition == 'cmu' else 'is not used'
        raise InputError(
            '--cmu',
            'file',
            f'{problem} for --edition {args.edition}',
            'give --edition cmu --cmu FILE, or --edition open',
        )
    if args.workers < 1:
        raise InputError('--workers', 'value', 'is below 1', 'give 1 or more')
    clips, shortest, longest = SIZES[args.size]
    return TestSetPlan(
        edition=args.edition,
        split=args.split,
        shift=args.shift,
        clips=clips,
        min_frames=shortest,
        max_frames=longest,
        seed=args.seed,
        size=size_px_of(args),
    )


def size_px_of(args: argparse.Namespace) -> int:
    """Side of the images, px."""
    size: int | None = args.size_px
    return SIZE_PX[args.shift] if size is None else size


def command_line(args: argparse.Namespace) -> str:
    """Command that makes the same set; files by name, without folders."""
    words = ['semtta', 'make-test-set']
    for option in (
        'edition',
        'split',
        'size',
        'cmu',
        'seed',
        'size_px',
        'shift',
    ):
        value = getattr(args, option)
        if option == 'size_px':
            value = size_px_of(args)
        if value is not None:
            value = value.name if isinstance(value, Path) else value
            words += [f'--{option.replace("_", "-")}', str(value)]
    return shlex.join(words)


def source_sha256(path: Path) -> str:
    """Hash of CMU's file.

    Args:
        path: The file.

    Raises:
        InputError: If it cannot be read.
    """
    try:
        return file_sha256(path)
    except OSError as error:
        problem = f'cannot be read ({error.strerror})'
        raise InputError(path, 'file', problem, 'check --cmu') from error


@one_line_errors(on_interrupt=RESUME_BY_RERUN)
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    plan = plan_of(args)
    source = None if args.cmu is None else source_sha256(args.cmu)
    start_manifest(args.out, plan, command_line(args), source)
    jobs = plan_clips(args.out, plan, args.cmu)
    for _ in with_progress(make_clips(jobs, args.workers), 'clips', len(jobs)):
        pass
    written = finish_manifest(args.out, jobs)
    sheet = write_sheet(jobs, args.out / 'sheet.png')
    make_console().print(
        f'{len(jobs)} clips, {written["frames"]} frames, '
        f'{len(written["labels"])} labels, contact sheet: {sheet}',
    )
    return 0
