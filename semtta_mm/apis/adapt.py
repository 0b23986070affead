"""Test-time adaptation by config: what ``tools/tta.py`` runs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.dist import is_main_process
from rich.console import Console

from ..engine import SemTTARunner
from ..engine.hooks import TrackMetricsHook
from ..engine.runners.processes import end_group
from ..engine.runners.semtta_runner import pick_device
from ..evaluation import (
    metrics_table,
    protocols_table,
    write_metrics_json,
)
from ..registry import METRICS, TASK_UTILS
from ..setup_env import register_all_modules
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.environment import environment, peak_memory_mb
from .adapt_options import build_parser, configured
from .adapt_plan import plan
from .detect import detect
from .dry_run import find_missing, tell_missing
from .rows import baseline_rows, rows_table


def adapt(cfg: Config) -> dict[str, Any]:
    """Adapt to all tracks of a config.

    Args:
        cfg: See ``configs/semtta_hmr_demo.py``.

    Returns:
        The structure of ``metrics.json``.

    Raises:
        InputError: If a file is missing or wrong, or no hook measures.
    """
    runner = SemTTARunner.from_cfg(cfg)
    model = runner.model
    measuring = [h for h in runner.hooks if isinstance(h, TrackMetricsHook)]
    if not measuring:
        fix = "add dict(type='TrackMetricsHook', metric=...)"
        raise InputError(cfg.filename, 'custom_hooks', 'measure nothing', fix)
    runner.train()
    report = measuring[0].report()
    seconds = sum(t['cost']['seconds'] for t in report['tracks'].values())
    rows = {}
    # Small sets only: the tracks are seen again.
    if cfg.get('monocular') and is_main_process():
        loop, metric = runner.train_loop, METRICS.build(cfg.metric)
        tracks = loop.tracks.subset(loop.numbers)
        rows['baselines'] = baseline_rows(cfg, model.body, tracks, metric)
    return {
        'config': Path(cfg.filename).name,
        'method': cfg.method,
        'estimator': cfg.model.estimator.type,
        'dataset': cfg.dataset_name,
        **report,
        **rows,
        'cost': {
            'seconds': seconds,
            'seconds_per_frame': seconds / report['coverage']['frames'],
            'peak_memory_mb': peak_memory_mb(),
        },
        'environment': environment(),
    }


def find_person(cfg: Config) -> None:
    """Detect with a progress bar; the config's reader finds it on disk.

    Args:
        cfg: Whose tracks are those of a video.

    Raises:
        InputError: If the video is bad.
    """
    reader = cfg.train_dataloader.dataset.reader
    detector = TASK_UTILS.build(reader.detector)
    out = Path(cfg.work_dir)
    detect(Path(reader.video), out, detector, fps=reader.get('fps'))


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if the input is bad.
    """
    args = build_parser().parse_args(argv)
    cfg = configured(args)
    register_all_modules()
    console = Console(soft_wrap=True)
    missing = find_missing(cfg, tracks=args.dry_run)
    if missing:
        return tell_missing(missing)
    pick_device(cfg.get('device', 'auto'))
    if args.dry_run:
        console.print(plan(cfg))
        return 0
    if args.video is not None:
        find_person(cfg)
    report = adapt(cfg)
    if is_main_process():
        tell(report, Path(cfg.work_dir) / 'metrics.json', console)
    if cfg.launcher != 'none':
        end_group()
    return 0


def tell(report: dict[str, Any], path: Path, console: Console) -> None:
    """Write and print the numbers.

    Args:
        report: What :func:`adapt` gives.
        path: File to write.
        console: To print to.
    """
    write_metrics_json(path, report)
    console.print(metrics_table(report))
    if report['other_protocols']:
        console.print(protocols_table(report))
    if 'baselines' in report:
        console.print(rows_table(report))
    console.print(f'written: {path}', markup=False)
