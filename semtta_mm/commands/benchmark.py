"""``semtta benchmark``: tables of methods, tracks and seeds."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..experiments.execute import execute_all, recompute
from ..experiments.plan import Run, read_plan
from ..experiments.report import write_report
from ..experiments.report_plan import read_report_plan
from ..experiments.scores import read_scores
from ..experiments.scores_file import read_scores_file
from ..setup_env import register_all_modules
from ..utils import InputError
from ..utils.command import RESUME_BY_RERUN, one_line_errors
from ..utils.console import make_console
from ..utils.progress import make_progress
from .options import add_old_name


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta benchmark',
        description='Run all rows of a table on its tracks, and write tables '
        'and figures; continue where it stopped.',
    )
    add = parser.add_argument
    add('plan', type=Path, help='such as configs/benchmark/table1.py')
    add('--work-dir', type=Path, help='default: work_dirs/benchmark_NAME')
    add('--workers', type=int, default=2, help='processes, default 2')
    add(
        '--recompute',
        action='store_true',
        help='compute the extra metrics of finished runs again',
    )
    add_old_name(parser, '--look-again', '--recompute', nargs=0)
    add('--only', nargs='+', metavar='ROW', help='run these rows only')
    add('--sets', nargs='+', metavar='SET', help='run on these sets only')
    add('--seeds', nargs='+', type=int, help='run these seeds only')
    add(
        '--scores',
        type=Path,
        metavar='CSV',
        help='run nothing, print the tables of an earlier scores.csv',
    )
    add(
        '--markdown',
        type=Path,
        metavar='FILE',
        help='write all tables there too; default: tables.md of --work-dir',
    )
    return parser


@one_line_errors(on_interrupt=RESUME_BY_RERUN)
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    runs = read_plan(args.plan)
    wanted = read_report_plan(args.plan)
    console = make_console()
    if args.scores is not None:
        scores = read_scores_file(args.scores)
        written = write_report(scores, wanted, console, None, args.markdown)
    else:
        chosen = choose(args.plan, runs, args.only, args.sets, args.seeds)
        name = f'benchmark_{args.plan.stem}'
        work_dir = args.work_dir or Path('work_dirs') / name
        _execute(chosen, work_dir, args.workers, args.recompute)
        scores = read_scores(runs, work_dir)
        register_all_modules()
        written = write_report(
            scores, wanted, console, work_dir, args.markdown, runs
        )
    if written:
        console.print(f'written: {", ".join(map(str, written))}')
    return 0


def choose(
    plan: Path,
    runs: Sequence[Run],
    rows: Sequence[str] | None = None,
    sets: Sequence[str] | None = None,
    seeds: Sequence[int] | None = None,
) -> list[Run]:
    """Some runs of a plan.

    Args:
        plan: Named in errors.
        runs: All runs.
        rows: Names of rows; None takes all.
        sets: Names of sets; None takes all.
        seeds: Seeds; None takes all.

    Raises:
        InputError: If a name or a seed is of no run.
    """
    wanted = {'row': rows, 'set_name': sets, 'seed': seeds}
    chosen = list(runs)
    for field, values in wanted.items():
        known = {getattr(run, field) for run in runs}
        for value in values or ():
            if value not in known:
                fix = f'choose among {", ".join(sorted(map(str, known)))}'
                raise InputError(plan, field, f'no {value!r}', fix)
        if values is not None:
            chosen = [run for run in chosen if getattr(run, field) in values]
    return chosen


def _execute(
    runs: Sequence[Run], work_dir: Path, workers: int, again: bool
) -> None:
    """Run what is not finished; ``again``: compute metrics of all again."""
    console = make_console()
    with make_progress(console) as bar:
        task = bar.add_task('runs', total=len(runs), details='')

        def done(run: Run) -> None:
            bar.update(task, advance=1, description=run.name)

        execute_all(runs, work_dir, workers, done)
    if not console.is_terminal:
        console.print(f'runs {len(runs)}/{len(runs)}')
    if again:
        register_all_modules()
        for run in runs:
            recompute(run, work_dir)
