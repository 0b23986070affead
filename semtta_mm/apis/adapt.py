"""Test-time adaptation by config: what ``tools/tta.py`` runs."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from mmengine.config import Config, DictAction
from rich.console import Console

from ..engine import SemTTARunner
from ..engine.hooks import TrackMetricsHook
from ..evaluation import metrics_table, write_metrics_json
from ..registry import METRICS
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.environment import environment, peak_memory_mb
from ..utils.setup_env import register_all_modules
from .config import read_config
from .rows import baseline_rows, rows_table


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command, in the habits of mmpose's."""
    parser = argparse.ArgumentParser(
        prog='tta', description='Adapt a mesh network to each track.'
    )
    add = parser.add_argument
    add('config', type=Path)
    add('--work-dir', type=Path, help='default: work_dirs/NAME_OF_CONFIG')
    add('--seed', type=int, help='default: that of the config')
    labels = parser.add_mutually_exclusive_group()
    labels.add_argument('--text', help='what the person does, all the time')
    labels.add_argument('--labels', type=Path, help='labels.json or a folder')
    add(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='change entries of the config, e.g. train_cfg.max_epochs=3',
    )
    return parser


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
    start = time.perf_counter()
    runner.train()
    seconds = time.perf_counter() - start
    report = measuring[0].report()
    rows = {}
    if cfg.get('monocular'):  # small sets only: all tracks are seen again
        tracks, metric = runner.train_loop.tracks, METRICS.build(cfg.metric)
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


def configured(args: argparse.Namespace) -> Config:
    """The config with the command line's changes.

    Raises:
        InputError: If it is missing, or adapts nothing.
    """
    cfg = read_config(args.config, args.cfg_options)
    if cfg.get('train_cfg', {}).get('type') != 'VideoAdaptLoop':
        fix = 'name a config that adapts, such as semtta_hmr_demo.py'
        raise InputError(
            args.config, 'train_cfg.type', 'is no VideoAdaptLoop', fix
        )
    default = Path('work_dirs') / args.config.stem
    cfg.work_dir = str(args.work_dir or default)
    if args.seed is not None:
        cfg.randomness = dict(seed=args.seed)
        cfg.train_cfg.seed = args.seed
    if args.text is not None:
        cfg.train_cfg.labeler = dict(type='FixedLabeler', text=args.text)
    if args.labels is not None:
        labels = dict(type='FileLabeler', path=str(args.labels))
        cfg.train_cfg.labeler = labels
    return cfg


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if the input is bad.
    """
    cfg = configured(build_parser().parse_args(argv))
    register_all_modules()
    report = adapt(cfg)
    path = Path(cfg.work_dir) / 'metrics.json'
    write_metrics_json(path, report)
    console = Console(soft_wrap=True)
    console.print(metrics_table(report))
    if 'baselines' in report:
        console.print(rows_table(report))
    console.print(f'written: {path}', markup=False)
    return 0
