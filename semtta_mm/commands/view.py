"""``semtta view``: show the results of a run in a browser."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..apis.view import view
from ..utils.command import one_line_errors
from ..utils.console import make_console


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta view',
        description='Show moving bodies beside their video: one HTML page '
        'that needs no network, an animated .glb, or a rerun file.',
    )
    add = parser.add_argument
    add(
        'result',
        type=Path,
        help='a work directory, or the folder of one track',
    )
    add(
        '--out',
        type=Path,
        metavar='FILE',
        help='.html, .glb or .rrd; default: view.html in RESULT',
    )
    add(
        '--video',
        type=Path,
        help='video or folder of images; default: by config.py of the run',
    )
    add(
        '--pictures',
        choices=('auto', 'frames', 'video', 'file', 'none'),
        default='auto',
        help='in the page: JPEG frames (any video), the video itself (H.264, '
        'VP9, AV1), the video as a file beside the page, or none; auto: the '
        'video if browsers play it and it has at most 40 MB, else frames',
    )
    return parser


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    console = make_console()
    for path in view(args.result, args.out, args.video, args.pictures):
        size = path.stat().st_size / 1e6
        console.print(f'written: {path} ({size:.1f} MB)')
    return 0
