"""``semtta convert-checkpoint``: a public checkpoint to safetensors."""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ..apis.convert_checkpoint import (
    Conversion,
    build_part,
    convert_checkpoint,
)
from ..setup_env import register_all_modules
from ..utils.command import one_line_errors
from ..utils.console import make_console
from .options import add_cfg_options


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta convert-checkpoint',
        description='Convert a public checkpoint to safetensors.',
    )
    add = parser.add_argument
    add('source', type=Path, metavar='SRC', help='.pt, .pth, .ckpt …')
    add('target', type=Path, metavar='DST', help='.safetensors to write')
    add('--config', type=Path, required=True, help='config of the network')
    add(
        '--part',
        default='estimator',
        help='the network: estimator (default), denoiser, motion_text …',
    )
    add('--force', action='store_true', help='overwrite DST')
    add_cfg_options(parser)
    return parser


def summary_lines(done: Conversion) -> list[str]:
    """Lines on converted and left-out tensors."""
    counts = f'{done.tensors} tensors, {done.parameters} numbers'
    lines = [f'layout: {done.layout or "our own names"}', f'wrote: {counts}']
    for title, names in (
        ('left out (other networks)', done.found.left_out),
        ('left out (recomputed)', done.found.dropped),
    ):
        if names:
            lines.append(f'{title}: {_grouped(names)}')
    return lines


def _grouped(names: Sequence[str]) -> str:
    """``smpl.* (12), ...``: entries by the first part of their names."""
    bare = (name.removeprefix('module.') for name in names)
    groups = Counter(name.partition('.')[0] for name in bare)
    return ', '.join(f'{key} ({count})' for key, count in groups.items())


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    model = build_part(args.config, args.part, args.cfg_options)
    done = convert_checkpoint(args.source, args.target, model, args.force)
    console = make_console()
    for line in (*summary_lines(done), f'written: {args.target}'):
        console.print(line)
    return 0
