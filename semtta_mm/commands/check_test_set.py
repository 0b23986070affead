"""``semtta check-test-set``: what a test set can show, before methods run."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..apis.config import find_config
from ..evaluation import write_metrics_json
from ..experiments.acceptance import CRITERIA, check_test_sets
from ..experiments.evidence_worth import EVIDENCE
from ..experiments.plan import Run
from ..utils import InputError
from ..utils.command import RESUME_BY_RERUN, one_line_errors
from ..utils.console import FieldList, make_console
from ..utils.progress import make_progress
from ..utils.wide_table import WideTable

CONFIG = 'ablation/2d_smooth.py'
"""2D with smoothing: no text, no fills."""

REPORT = 'acceptance.json'

Values = dict[str, float | None]

_COLUMNS = {
    'missing': '{:.1%}',
    'hidden': '{:.1%}',
    'guessed': '{:.1%}',
    'error_share': '{:.1%}',
    'no_person': '{:.1%}',
    'root_constant_deg': '{:.1f}',
    'root_shown_deg': '{:.1f}',
    'mpjpe_before': '{:.1f}',
    'mpjpe': '{:.1f}',
    'exact_2d_worth': '{:.1f}',
    'true_2d_worth': '{:.1f}',
    'mpjpe_occluded': '{:.1f}',
    'hidden_worth': '{:.1%}',
}


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta check-test-set',
        description='Measure whether a test set can show what it is made '
        'for, without any text or prior of motions.',
    )
    add = parser.add_argument
    add(
        'folders',
        type=Path,
        nargs='+',
        metavar='FOLDER',
        help='output of semtta make-test-set; several are judged together',
    )
    add('--config', type=Path, help=f'default: configs/{CONFIG}')
    add(
        '--work-dir',
        type=Path,
        help='default: work_dirs/check_NAME, names joined with +',
    )
    add('--workers', type=int, default=1, help='processes, default 1')
    return parser


@one_line_errors(on_interrupt=RESUME_BY_RERUN)
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`.

    Returns:
        0 if all criteria are met, else 1.
    """
    args = build_parser().parse_args(argv)
    if args.workers < 1:
        raise InputError('--workers', 'value', 'is below 1', 'give 1 or more')
    work_dir = args.work_dir or default_work_dir(args.folders)
    config = args.config or find_config(CONFIG)
    console = make_console()
    with make_progress(make_console(stderr=True), transient=True) as bar:
        total = len(EVIDENCE) * len(args.folders)
        task = bar.add_task('runs', total=total, details='')

        def done(run: Run) -> None:
            bar.update(task, advance=1, description=run.row)

        report = check_test_sets(
            args.folders, config, work_dir, args.workers, done
        )
    path = work_dir / REPORT
    write_metrics_json(path, report)
    console.print(value_table(rows_of(report)))
    console.print(criteria_list(report['criteria']))
    console.print(f'written: {path}')
    return 0 if all(c['met'] for c in report['criteria']) else 1


def default_work_dir(folders: Sequence[Path]) -> Path:
    """Of the runs, by the names of the sets."""
    names = '+'.join(folder.resolve().name for folder in folders)
    return Path('work_dirs') / f'check_{names}'


def rows_of(report: dict[str, Any]) -> dict[tuple[str, str], Values]:
    """Values by set and variant; several sets are followed by all."""
    parts = {name: part['variants'] for name, part in report['sets'].items()}
    if len(parts) > 1:
        parts |= {'together': report['variants']}
    return {
        (name, variant): values
        for name, part in parts.items()
        for variant, values in part.items()
    }


def value_table(rows: dict[tuple[str, str], Values]) -> WideTable:
    """The values of each set and variant."""
    table = WideTable(['set', 'variant'], list(_COLUMNS))
    for keys, values in rows.items():
        cells = []
        for name, form in _COLUMNS.items():
            value = values[name]
            cells.append('-' if value is None else form.format(value))
        table.add_row(*keys, *cells)
    return table


def criteria_list(criteria: list[dict[str, Any]]) -> FieldList:
    """Each criterion, its range, and whether it is met."""
    items = []
    for known, found in zip(CRITERIA, criteria, strict=True):
        value = '-' if found['value'] is None else f'{found["value"]:.3g}'
        fields = {
            'value': value,
            'range': f'{known.low:g} to {known.high:g}',
            'met': 'yes' if found['met'] else 'NO',
        }
        items.append((known.meaning, fields))
    return FieldList('', items)
