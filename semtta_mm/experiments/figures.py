"""Figures of an experiment, as PNG files."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..utils.files import write_atomically
from .columns import COLUMNS
from .compare import Comparison, paired
from .report_plan import ReportPlan
from .scores import Score, clip_means
from .summary import row_names, score_sets

if TYPE_CHECKING:
    from matplotlib.axes import Axes

METRIC = 'mpjpe'
_WIDTH = 7.0  # inch
_BAR = 0.34  # inch a bar

Bar = tuple[float, float, float]
"""Mean, and low and high end of its interval."""


def draw_figures(
    scores: Sequence[Score], wanted: ReportPlan, folder: Path
) -> list[Path]:
    """Draw the figures of a report that need scores only.

    Args:
        scores: Of all rows.
        wanted: Names the figures.
        folder: Of the PNG files.

    Returns:
        The files written; a figure without a value is left out.
    """
    written = []
    if 'errors' in wanted.figures:
        for name, part in score_sets(scores).items():
            path = folder / f'errors_{_file_name(name)}.png'
            title = f'{name}: {COLUMNS[METRIC].heading}, mean and 95 %'
            written += draw_bars(path, error_bars(part), title)
    if 'labels' in wanted.figures:
        for row, other in wanted.pairs:
            path = folder / f'labels_{_file_name(f"{row} - {other}")}.png'
            bars = label_bars(scores, (row, other))
            title = f'{row} − {other}: {COLUMNS[METRIC].heading} by label'
            written += draw_bars(path, bars, title)
    if 'sweep' in wanted.figures and wanted.sweep is not None:
        parameter, values = wanted.sweep
        path = folder / 'sweep.png'
        written += draw_sweep(path, scores, parameter, values)
    return written


def _file_name(text: str) -> str:
    return re.sub(r'[^\w.-]+', '_', text)


def error_bars(
    scores: Sequence[Score], metric: str = METRIC
) -> dict[str, Bar]:
    """Mean of each row over all its clips, with a bootstrap interval.

    Args:
        scores: Of all rows.
        metric: Which metric.

    Returns:
        Row to its bar; rows with fewer than two clips are left out.
    """
    variants = list(dict.fromkeys(score.variant for score in scores))
    bars: dict[str, Bar] = {}
    for row in row_names(scores):
        means = clip_means(scores, row, metric, variants)
        found = paired(means, dict.fromkeys(means, 0.0))
        if found is not None:
            bars[row] = _bar(found)
    return bars


def label_bars(
    scores: Sequence[Score], rows: tuple[str, str], metric: str = METRIC
) -> dict[str, Bar]:
    """Difference of two rows by action, as the paper's Fig. 3.

    Args:
        scores: Of all rows.
        rows: First minus second.
        metric: Which metric.

    Returns:
        Label to its bar, the best first; a label with one clip has no
        interval.
    """
    labels = sorted({s.label for s in scores if s.row == rows[0] and s.label})
    bars: dict[str, Bar] = {}
    for label in labels:
        part = [s for s in scores if s.label == label]
        variants = list(dict.fromkeys(score.variant for score in part))
        first, second = (
            clip_means(part, row, metric, variants) for row in rows
        )
        gaps = [first[k] - second[k] for k in first if k in second]
        found = paired(first, second)
        if found is not None:
            bars[label] = _bar(found)
        elif gaps:
            bars[label] = (gaps[0], gaps[0], gaps[0])
    return dict(sorted(bars.items(), key=lambda item: item[1][0]))


def _bar(found: Comparison) -> Bar:
    return found.mean, found.low, found.high


def draw_bars(path: Path, bars: Mapping[str, Bar], title: str) -> list[Path]:
    """Horizontal bars with intervals.

    Args:
        path: The PNG to write.
        bars: Name to mean and interval.
        title: Above the bars.

    Returns:
        The file written; none without a bar.
    """
    if not bars:
        return []
    names = list(bars)[::-1]
    means = [bars[name][0] for name in names]
    spread = [
        [bars[name][0] - bars[name][1] for name in names],
        [bars[name][2] - bars[name][0] for name in names],
    ]

    def draw(axis: Axes) -> None:
        axis.barh(names, means, xerr=spread, color='#5b84b1', capsize=3)
        axis.axvline(0, color='black', linewidth=0.8)
        axis.set_title(title, fontsize=10)

    return _save(path, draw, 0.8 + _BAR * len(names))


def draw_sweep(
    path: Path,
    scores: Sequence[Score],
    name: str,
    values: Mapping[str, float],
) -> list[Path]:
    """The error by a parameter, as the paper's Table 5.

    Args:
        path: The PNG to write.
        scores: Of all rows.
        name: Of the parameter.
        values: Row to its value of the parameter.

    Returns:
        The file written; none if no row has run.
    """
    lines = {}
    for title, part in score_sets(scores).items():
        bars = error_bars(part)
        rows = sorted(set(values) & set(bars), key=lambda row: values[row])
        if rows:
            lines[title] = [(values[row], bars[row][0]) for row in rows]
    if not lines:
        return []

    def draw(axis: Axes) -> None:
        for title, points in lines.items():
            axis.plot(*zip(*points, strict=True), marker='o', label=title)
        axis.set_xlabel(name)
        axis.set_ylabel(COLUMNS[METRIC].heading)
        axis.legend(fontsize=8)

    return _save(path, draw, 3.2)


def _save(
    path: Path, draw: Callable[[Axes], None], height: float
) -> list[Path]:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, height), layout='constrained')
    FigureCanvasAgg(figure)
    draw(figure.subplots())
    write_atomically(path, lambda draft: figure.savefig(draft, format='png'))
    return [path]
