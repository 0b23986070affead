"""``semtta adapt``, also ``tools/tta.py``: adapt to tracks or a video."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.dist import is_main_process
from rich.console import Console

from ..apis.adapt import adapt
from ..apis.baseline_rows import rows_table
from ..apis.missing_files import find_missing, print_missing
from ..detection import detect_video
from ..engine.runners.processes import end_group
from ..engine.runners.semtta_runner import pick_device
from ..evaluation import metrics_table, protocols_table, write_metrics_json
from ..registry import TASK_UTILS
from ..utils.command import RESUME_OPTION, one_line_errors
from ..utils.console import make_console
from .adapt_options import build_parser, configured
from .adapt_plan import plan


def detect_person(cfg: Config) -> None:
    """Detect with a progress bar; the config's reader uses the cached result.

    Args:
        cfg: The config, with the tracks of a video.

    Raises:
        InputError: If the video is bad.
    """
    reader = cfg.train_dataloader.dataset.reader
    detector = TASK_UTILS.build(reader.detector)
    out = Path(cfg.work_dir)
    detect_video(Path(reader.video), out, detector, fps=reader.get('fps'))


@one_line_errors(on_interrupt=RESUME_OPTION)
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if the input is bad.
    """
    args = build_parser().parse_args(argv)
    cfg = configured(args)
    console = make_console()
    missing = find_missing(cfg, tracks=args.dry_run)
    if missing:
        return print_missing(missing)
    pick_device(cfg.get('device', 'auto'))
    if args.dry_run:
        console.print(plan(cfg))
        return 0
    if args.video is not None:
        detect_person(cfg)
    report = adapt(cfg)
    if is_main_process():
        write_report(report, Path(cfg.work_dir) / 'metrics.json', console)
    if cfg.launcher != 'none':
        end_group()
    return 0


def write_report(report: dict[str, Any], path: Path, console: Console) -> None:
    """Write and print the numbers.

    Args:
        report: See :func:`~semtta_mm.apis.adapt`.
        path: File to write.
        console: To print to.
    """
    write_metrics_json(path, report)
    print_tables(report, console)
    console.print(f'written: {path}', markup=False)


def print_tables(report: dict[str, Any], console: Console) -> None:
    """Print the tables of a report.

    Args:
        report: Of an adaptation or an evaluation.
        console: To print to.
    """
    if report['protocol'] is None:
        return  # nothing was measured
    console.print(metrics_table(report))
    if report['other_protocols']:
        console.print(protocols_table(report))
    if 'baselines' in report:
        console.print(rows_table(report))
