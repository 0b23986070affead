"""Options of the commands that read a video: which frames, at what rate."""

from __future__ import annotations

import argparse

from ..datasets.frame_selection import FrameSelection

POSITIONS = 'seconds (12.5), a time (00:01:30) or a frame (f120)'


def add_frame_options(parser: argparse.ArgumentParser) -> None:
    """Add ``--start``, ``--end``, ``--every``, ``--max-frames``, ``--fps``.

    Args:
        parser: Of the command.
    """
    group = parser.add_argument_group('frames')
    add = group.add_argument
    add('--start', metavar='TIME', help=f'first frame: {POSITIONS}')
    add('--end', metavar='TIME', help='the frame behind the last, likewise')
    add('--every', type=int, metavar='K', help='take every K-th frame')
    add('--max-frames', type=int, metavar='N', help='take at most N frames')
    add(
        '--fps',
        type=float,
        metavar='F',
        help="frames a second; default: the video's, 30 for images",
    )


def frame_selection(args: argparse.Namespace) -> FrameSelection:
    """The frames that a command line selects.

    Args:
        args: Of a parser with :func:`add_frame_options`.

    Raises:
        InputError: If a value is wrong.
    """
    every = 1 if args.every is None else args.every
    return FrameSelection(args.start, args.end, every, args.max_frames)
