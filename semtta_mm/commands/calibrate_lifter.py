"""``semtta calibrate-lifter``: expected errors of rotations, by dev tracks."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import astuple
from pathlib import Path

from ..engine.hooks.track_result_hook import BEFORE_FILE
from ..experiments.error_calibration import (
    RotationErrors,
    error_ratios,
    fit_expected_errors,
    run_errors,
)
from ..experiments.plan import BEFORE, read_plan
from ..models.adaptors.precision import KINDS
from ..setup_env import register_all_modules
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.wide_table import WideTable

_RATIOS = [
    'seconds',
    'scale',
    'root in gaps',
    'others in gaps',
    'rank correlation',
]


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta calibrate-lifter',
        description='Measure the errors that LifterHook expects, on the '
        'finished runs of an ablation on a dev split.',
    )
    parser.add_argument('plan', type=Path, help='plan of the ablation')
    parser.add_argument('--work-dir', type=Path, required=True)
    parser.add_argument(
        '--rows',
        nargs='+',
        required=True,
        metavar='ROW',
        help=f'rows of the plan, or {BEFORE}',
    )
    return parser


def row_errors(plan: Path, work_dir: Path, row: str) -> list[RotationErrors]:
    """Errors of all tracks of a row.

    Args:
        plan: Of the ablation.
        work_dir: Of its runs.
        row: Its name, or ``'un-adapted'``: the network before the plan's
            first row.

    Raises:
        InputError: If the plan has no such row, or it was not run.
    """
    every = read_plan(plan)
    file, name = 'result.npz', row
    if row == BEFORE:
        file, name = BEFORE_FILE, every[0].row
    runs = [run for run in every if run.row == name]
    if not runs:
        raise InputError(
            '--rows', row, f'is no row of {plan}', 'name its rows'
        )
    try:
        parts = [run_errors(run, work_dir, file) for run in runs]
    except FileNotFoundError as error:
        raise InputError(
            work_dir,
            row,
            f'has no {error.filename}',
            f'semtta benchmark {plan}',
        ) from error
    return [track for part in parts for track in part]


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    kinds = WideTable(['row', 'evidence'], list(KINDS))
    others = WideTable(['row'], _RATIOS)
    for row in args.rows:
        tracks = row_errors(args.plan, args.work_dir, row)
        found = fit_expected_errors(tracks)
        for evidence in ('observed', 'hidden'):
            values = getattr(found, evidence)
            kinds.add_row(row, evidence, *(f'{values[k]:.1f}' for k in KINDS))
        lifted = any(track.predicted is not None for track in tracks)
        ratios = astuple(error_ratios(tracks)) if lifted else ()
        numbers = [f'{v:.2f}' for v in ratios] or [''] * (len(_RATIOS) - 1)
        others.add_row(row, f'{found.seconds:g}', *numbers)
    console = make_console()
    console.print(kinds)
    console.print(others)
    return 0
