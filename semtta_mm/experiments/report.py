"""Tables and figures of an experiment: shown and written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from ..evaluation import write_metrics_json
from .figures import draw_figures
from .markdown import markdown_report
from .plan import Run
from .report_plan import ReportPlan
from .scores import Score
from .scores_file import write_scores
from .strips import draw_strips
from .summary import difference_rows, mean_rows, pair_rows
from .tables import difference_table, gait_table, has_gait, mean_table


def write_report(
    scores: Sequence[Score],
    wanted: ReportPlan,
    console: Console,
    work_dir: Path | None = None,
    markdown: Path | None = None,
    runs: Sequence[Run] = (),
) -> list[Path]:
    """Show the tables; write files.

    Args:
        scores: Of the experiment.
        wanted: Contents of the report.
        console: Of the tables.
        work_dir: Of the experiment: gets ``summary.json``, ``scores.csv``,
            ``tables.md`` and the figures as PNG; None writes none of these.
        markdown: File of all tables; None takes ``tables.md`` of
            ``work_dir``.
        runs: Of the experiment, for figures of their files.

    Returns:
        The files written.
    """
    means, pairs = mean_rows(scores), pair_rows(scores, wanted.pairs)
    reference = wanted.reference
    gaps = [] if reference is None else difference_rows(scores, reference)
    console.print(mean_table(means, wanted.metrics))
    for rows in (gaps, pairs):
        if rows:
            console.print(difference_table(rows, wanted.metrics))
    if has_gait(scores):
        console.print(gait_table(scores))
    written = []
    if work_dir is not None:
        path = work_dir / 'summary.json'
        content = {'means': means, 'differences': gaps, 'pairs': pairs}
        write_metrics_json(path, content)
        write_scores(work_dir / 'scores.csv', scores)
        written += [path, work_dir / 'scores.csv']
        written += draw_figures(scores, wanted, work_dir)
        if 'strips' in wanted.figures and wanted.strips is not None:
            written += draw_strips(runs, wanted.strips, work_dir)
        markdown = markdown or work_dir / 'tables.md'
    if markdown is not None:
        text = markdown_report(means, gaps, pairs, wanted)
        markdown.parent.mkdir(parents=True, exist_ok=True)
        markdown.write_text(text, encoding='utf-8')
        written.append(markdown)
    return written
