"""``semtta convert``: keypoint files, or a data set, to track files.

With a data set's name first it is ``semtta convert DATASET SRC DST``; see
``convert_dataset``.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..apis.convert_keypoints import convert_keypoints
from ..conventions import CONVENTIONS
from ..datasets import guess_reader
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console
from .convert_dataset import DATASETS
from .convert_dataset import main as convert_dataset
from .convert_tables import tracks_table

READERS = (
    'CocoJsonReader',
    'HumanDataReader',
    'MMPoseReader',
    'NpzTrackReader',
    'OpenPoseReader',
)
_OPTIONS = (
    'video',
    'convention',
    'fps',
    'name',
    'numbering',
    'min_score',
    'min_length',
    'max_gap',
    'boxes',
)
"""Options of the readers."""


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta convert',
        description='Convert keypoint files to one track npz for each person.',
        epilog='A published data set: semtta convert DATASET SRC DST, DATASET '
        f'one of {", ".join(DATASETS)}; `semtta convert DATASET --help` '
        'describes it.',
    )
    add = parser.add_argument
    add(
        '--keypoints', type=Path, required=True, help='keypoint file or folder'
    )
    add('--out', type=Path, required=True, help='folder for the tracks')
    add('--video', type=Path, help='video file or folder of images')
    add(
        '--reader',
        choices=READERS,
        metavar='READER',
        help=f'{", ".join(READERS)}; default: chosen by the content',
    )
    add(
        '--convention',
        choices=CONVENTIONS,
        metavar='NAME',
        help=f"of the file's keypoints: {', '.join(CONVENTIONS)}",
    )
    add('--fps', type=float, help="default: the video's")
    add('--name', help='name of the tracks; default: that of the video')
    add('--track', nargs='+', metavar='NAME', help='write only these')
    add('--numbering', choices=('position', 'name'), help='of frames')
    add('--min-score', type=float, help='keypoints below are missing')
    add('--min-length', type=int, help='shorter tracks are dropped, frames')
    add('--max-gap', type=int, help='longest absence of a person, frames')
    add('--boxes', choices=('file', 'keypoints'), help='source of the boxes')
    add('--overlay', action='store_true', help='also write overlay mp4s')
    return parser


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    given = list(sys.argv[1:] if argv is None else argv)
    if given and given[0] in DATASETS:
        return convert_dataset(given)
    args = build_parser().parse_args(given)
    reader = reader_config(args)
    tracks = convert_keypoints(reader, args.out, args.track, args.overlay)
    make_console().print(tracks_table(tracks))
    return 0


def reader_config(args: argparse.Namespace) -> dict[str, Any]:
    """Config of the reader; options not given keep its defaults.

    Args:
        args: As parsed.

    Raises:
        InputError: If no reader fits the content, or it has no such option.
    """
    kind = args.reader or guess_reader(args.keypoints)
    given = {name: getattr(args, name) for name in _OPTIONS}
    given = {name: v for name, v in given.items() if v is not None}
    extra = sorted(set(given) - {'video'})
    if kind == 'NpzTrackReader' and extra:
        raise InputError(
            args.keypoints,
            f'--{extra[0].replace("_", "-")}',
            'does not apply to track files',
            'leave it out',
        )
    return {'type': kind, 'keypoints': args.keypoints, **given}
