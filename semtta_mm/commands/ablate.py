"""``semtta ablate``: rows, controls and seeds on held-out test sets."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..evaluation import write_metrics_json
from ..experiments.execute import execute_all, recompute
from ..experiments.markdown import markdown_report
from ..experiments.plan import Comparisons, Run, read_comparisons, read_plan
from ..experiments.scores import Score, read_scores
from ..experiments.scores_file import read_scores_file, write_scores
from ..experiments.summary import difference_rows, mean_rows, pair_rows
from ..experiments.tables import difference_table, gait_table, mean_table
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
    wanted = read_comparisons(args.plan)
    if args.scores is not None:
        scores = read_scores_file(args.scores)
        report(scores, wanted, markdown=args.markdown)
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
    scores = read_scores(runs, work_dir)
    report(scores, wanted, work_dir, args.markdown)
    return 0


def report(
    scores: Sequence[Score],
    wanted: Comparisons,
    work_dir: Path | None = None,
    markdown: Path | None = None,
) -> None:
    """Print the tables; write ``summary.json``, ``scores.csv``, ``tables.md``.

    Args:
        scores: Of the experiment.
        wanted: Rows to compare.
        work_dir: Of the experiment; None writes no summary and no scores.
        markdown: File of all tables; None takes ``tables.md`` of
            ``work_dir``.
    """
    means, pairs = mean_rows(scores), pair_rows(scores, wanted.pairs)
    reference = wanted.reference
    gaps = [] if reference is None else difference_rows(scores, reference)
    console = make_console()
    console.print(mean_table(means))
    for rows in (gaps, pairs):
        if rows:
            console.print(difference_table(rows))
    console.print(gait_table(scores))
    written = []
    if work_dir is not None:
        path = work_dir / 'summary.json'
        content = {'means': means, 'differences': gaps, 'pairs': pairs}
        write_metrics_json(path, content)
        write_scores(work_dir / 'scores.csv', scores)
        written += [path, work_dir / 'scores.csv']
        markdown = markdown or work_dir / 'tables.md'
    if markdown is not None:
        text = markdown_report(means, gaps, pairs, wanted.title)
        markdown.parent.mkdir(parents=True, exist_ok=True)
        markdown.write_text(text, encoding='utf-8')
        written.append(markdown)
    if written:
        console.print(f'written: {", ".join(map(str, written))}')
