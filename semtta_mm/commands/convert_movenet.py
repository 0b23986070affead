"""``semtta convert-movenet``: MoveNet as a checkpoint of mmpose."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch

from ..checkpoints.movenet import LIGHTNING, THUNDER, mmpose_state
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.files import write_atomically


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta convert-movenet',
        description='Write MoveNet as a checkpoint for configs/mmpose.',
    )
    add = parser.add_argument
    add('weights', choices=(LIGHTNING, THUNDER), help='fetched once')
    add('target', type=Path, metavar='DST', help='.pth to write')
    add('--force', action='store_true', help='overwrite DST')
    return parser


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    if args.target.exists() and not args.force:
        fix = 'name another file, or add --force'
        raise InputError(args.target, 'DST', 'exists', fix)
    state = mmpose_state(args.weights)
    content = {'state_dict': state, 'meta': {}}
    write_atomically(args.target, lambda draft: torch.save(content, draft))
    count = sum(value.numel() for value in state.values())
    make_console().print(f'written: {args.target}: {count} numbers')
    return 0
