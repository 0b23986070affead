"""``semtta calibrate-lifter``: expected errors of rotations, by dev tracks."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from ..experiments.error_calibration import (
    RotationErrors,
    error_ratio,
    fit_expected_errors,
    run_errors,
)
from ..experiments.plan import read_plan
from ..setup_env import register_all_modules
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.wide_table import WideTable


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta calibrate-lifter',
        description='Measure the errors that LifterHook expects, on the '
        'finished runs of an ablation on a dev split.',
    )
    parser.add_argument('plan', type=Path, help='plan of the ablation')
    parser.add_argument('--work-dir', type=Path, required=True)
    parser.add_argument('--rows', nargs='+', required=True, metavar='ROW')
    return parser


def row_errors(
    plan: Path, work_dir: Path, row: str, parser_name: str = '--rows'
) -> list[RotationErrors]:
    """Errors of all tracks of a row.

    Args:
        plan: Of the ablation.
        work_dir: Of its runs.
        row: Its name.
        parser_name: Argument that the message names.

    Raises:
        InputError: If the plan has no such row, or it was not run.
    """
    runs = [run for run in read_plan(plan) if run.row == row]
    if not runs:
        raise InputError(
            parser_name, row, f'is no row of {plan}', 'see --help'
        )
    try:
        parts = [run_errors(run, work_dir) for run in runs]
    except FileNotFoundError as error:
        raise InputError(
            work_dir, row, f'has no {error.filename}', f'semtta ablate {plan}'
        ) from error
    return [track for part in parts for track in part]


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    names = ['root', 'observed', 'hidden', 'seconds', 'ratio', 'rank corr.']
    table = WideTable(['row'], names)
    for row in args.rows:
        tracks = row_errors(args.plan, args.work_dir, row)
        values = [f'{v:.2f}' for v in astuple(fit_expected_errors(tracks))]
        lifted = any(track.predicted is not None for track in tracks)
        ratio = error_ratio(tracks) if lifted else None
        values += [f'{v:.2f}' for v in ratio] if ratio else ['', '']
        table.add_row(row, *values)
    make_console().print(table)
    return 0
