"""``semtta ablate``: rows, controls and seeds on held-out test sets."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from mmengine.config import Config

from ..evaluation import write_metrics_json
from ..experiments.execute import execute_all, recompute
from ..experiments.plan import Run, read_plan
from ..experiments.scores import Score, read_scores
from ..experiments.scores_file import read_scores_file, write_scores
from ..experiments.tables import (
    difference_rows,
    difference_table,
    gait_table,
    mean_rows,
    mean_table,
)
from ..setup_env import register_all_modules
from ..utils.command import RESUME_BY_RERUN, one_line_errors
from ..utils.console import make_console
from ..utils.progress import make_progress
from .options import add_old_name


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta ablate',
        description='Run an ablation; continue where it stopped.',
    )
    add = parser.add_argument
    add('plan', type=Path, help='such as configs/ablation/synthetic.py')
    add('--work-dir', type=Path, help='default: work_dirs/ablate_NAME')
    add('--workers', type=int, default=2, help='processes, default 2')
    add(
        '--recompute',
        action='store_true',
        help='compute the extra metrics of finished runs again',
    )
    add_old_name(parser, '--look-again', '--recompute', nargs=0)
    add('--only', nargs='+', metavar='ROW', help='run these rows only')
    add(
        '--scores',
        type=Path,
        metavar='CSV',
        help='run nothing, print the tables of an earlier scores.csv',
    )
    return parser


@one_line_errors(on_interrupt=RESUME_BY_RERUN)
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    runs = read_plan(args.plan)
    reference = Config.fromfile(args.plan).get('reference')
    if args.scores is not None:
        report(read_scores_file(args.scores), reference)
        return 0
    work_dir = args.work_dir or Path('work_dirs') / f'ablate_{args.plan.stem}'
    chosen = [r for r in runs if args.only is None or r.row in args.only]
    console = make_console()
    with make_progress(console) as bar:
        task = bar.add_task('runs', total=len(chosen), details='')

        def done(run: Run) -> None:
            bar.update(task, advance=1, description=run.name)

        execute_all(chosen, work_dir, args.workers, done)
    if not console.is_terminal:
        console.print(f'runs {len(chosen)}/{len(chosen)}')
    if args.recompute:
        register_all_modules()
        for run in chosen:
            recompute(run, work_dir)
    report(read_scores(runs, work_dir), reference, work_dir)
    return 0


def report(
    scores: Sequence[Score],
    reference: str | None,
    work_dir: Path | None = None,
) -> None:
    """Print the tables; write ``summary.json`` and ``scores.csv``.

    Args:
        scores: Of the experiment.
        reference: Row that the others are compared with, or None.
        work_dir: Of the experiment; None writes nothing.
    """
    means = mean_rows(scores)
    gaps = [] if reference is None else difference_rows(scores, reference)
    console = make_console()
    console.print(mean_table(means))
    if reference is not None:
        console.print(difference_table(gaps, reference))
    console.print(gait_table(scores))
    if work_dir is None:
        return
    path = work_dir / 'summary.json'
    write_metrics_json(path, {'means': means, 'differences': gaps})
    write_scores(work_dir / 'scores.csv', scores)
    console.print(f'written: {path}, scores.csv')
