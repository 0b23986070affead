"""``semtta plot``: curves of a finished adaptation as pictures."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..visualization.plots import plot_work_dir


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta plot',
        description='Draw losses, similarity and errors of each track by '
        'epoch, beside its metrics.json.',
    )
    parser.add_argument('work_dir', type=Path, help='of a finished adaptation')
    return parser


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    console = make_console()
    for path in plot_work_dir(args.work_dir):
        console.print(str(path))
    return 0
