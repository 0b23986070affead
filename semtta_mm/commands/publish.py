"""``semtta publish``: from a checkpoint to weights in the package."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from ..checkpoints.publishing import Provenance, publish
from ..checkpoints.shipped import SUFFIX, WEIGHTS
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta publish',
        description='Add trained weights to the package.',
    )
    add = parser.add_argument
    add('checkpoint', type=Path, help='.pth of `semtta train`')
    add('name', help='e.g. mdnet_open')
    add('--prefix', default='', help='keep these entries, e.g. estimator.')
    add('--half', action='store_true', help='large tensors as float16')
    add('--command', required=True, help='exact command of the training')
    add('--config', help='default: the .py file in --command')
    add('--trained-on', required=True, help='data, with their licences')
    add('--licence', default='Apache-2.0', help='of the weights')
    add('--date', required=True, help='YYYY-MM-DD')
    add('--folder', type=Path, default=WEIGHTS, help='folder of the weights')
    return parser


def _provenance(args: argparse.Namespace) -> Provenance:
    """Provenance of the command line.

    Raises:
        InputError: If the config is not named or the date is not valid.
    """
    named = [w for w in shlex.split(args.command) if w.endswith('.py')]
    config = args.config or next(iter(named), None)
    if config is None:
        problem = 'names no .py file'
        raise InputError('--command', 'value', problem, 'add --config')
    try:
        day = date.fromisoformat(args.date).isoformat()
    except ValueError as error:
        raise InputError(
            '--date', 'value', str(error), 'write it as YYYY-MM-DD'
        ) from error
    return Provenance(
        args.command, Path(config).stem, args.licence, args.trained_on, day
    )


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    entry = publish(
        args.checkpoint,
        args.name,
        _provenance(args),
        args.prefix,
        args.half,
        args.folder,
    )
    make_console().print(
        f'{args.folder / args.name}{SUFFIX}: {entry.parameters} parameters, '
        f'{entry.bytes} bytes, sha256 {entry.sha256}'
    )
    return 0
