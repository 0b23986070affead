"""``semtta prepare-smpl``: official SMPL files to checked npz.

This is optional: configs read the original pickles too, without running
them; but npz load faster, and everything is checked once.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Sequence
from pathlib import Path

from ..models.bodies.loading import GENDERS
from ..preparation.smpl.official import H36M
from ..preparation.smpl.prepare import NAMES, prepare, summary, write
from ..utils.command import one_line_errors
from ..utils.console import make_console

VARIABLE = 'SMPL_MODEL_DIR'
DEFAULT = 'data/body_models'
"""Folder of the configs if the environment variable is not set."""


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta prepare-smpl',
        description='Check official SMPL files and convert them to npz.',
        epilog=f'SMPL is under the licence of its web site. Names: {NAMES}; '
        f'beside them J_regressor_h36m.npy.',
    )
    add = parser.add_argument
    add('source', nargs='+', type=Path, metavar='SRC', help='files, folders')
    add('--out', type=Path, help=f'default: ${VARIABLE}, else {DEFAULT}')
    add('--force', action='store_true', help='overwrite')
    return parser


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    out = args.out or Path(os.environ.get(VARIABLE, DEFAULT)).expanduser()
    prepared = prepare(args.source, out)
    write(prepared, args.force)
    console = make_console()
    for line in summary(prepared):
        console.print(line)
    names = {item.what for item in prepared}
    absent = [name for name in (*GENDERS, H36M) if name not in names]
    if absent:
        console.print(f'not among them: {", ".join(absent)}')
    if os.environ.get(VARIABLE) is None and out != Path(DEFAULT):
        console.print(f'for the configs: export {VARIABLE}={out.resolve()}')
    return 0
