"""Test-time adaptation by config."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.dist import is_main_process

from ..engine import SemTTARunner
from ..models.adaptors import BaseAdaptor
from ..registry import MODELS
from ..utils.environment import environment, peak_memory_mb
from .baseline_rows import baseline_rows
from .config import check_adapts, read_config


def init_adaptor(
    config: str | PathLike[str] | Config,
    weights: str | None = None,
    device: str | None = None,
) -> BaseAdaptor:
    """Build the adaptor of a config.

    Args:
        config: See :func:`.read_config`.
        weights: Pre-trained weights instead of the config's.
        device: As torch names it; None takes the CPU.

    Returns:
        The adaptor, before :meth:`~BaseAdaptor.begin`.

    Raises:
        InputError: If the config or a file of it is missing or wrong.
    """
    cfg = read_config(config)
    check_adapts(cfg)
    if weights is not None:
        cfg.model.weights = weights
    adaptor: BaseAdaptor = MODELS.build(cfg.model)
    adaptor.to(device or 'cpu')
    return adaptor


def adapt(config: str | PathLike[str] | Config) -> dict[str, Any]:
    """Adapt to all tracks of a config.

    Args:
        config: See :func:`.read_config` and ``configs/semtta_hmr_demo.py``.

    Returns:
        The structure of ``metrics.json`` (docs/adapting.md).

    Raises:
        InputError: If a file is missing or wrong.
    """
    cfg = read_config(config)
    check_adapts(cfg)
    if not cfg.get('work_dir'):
        name = Path(cfg.filename or 'adapt').stem
        cfg.work_dir = str(Path('work_dirs') / name)
    runner = SemTTARunner.from_cfg(cfg)
    runner.train()
    return adaptation_report(runner)


def adaptation_report(runner: SemTTARunner) -> dict[str, Any]:
    """The report of a finished run.

    Args:
        runner: After ``train()``; every process must call it at the same
            time.

    Returns:
        The structure of ``metrics.json``; with a metric and ``baselines`` or
        ``monocular`` in the config also the rows of comparison.
    """
    cfg, loop = runner.cfg, runner.train_loop
    report = loop.report()
    seconds = sum(t['cost']['seconds'] for t in report['tracks'].values())
    rows = {}
    # Small sets only: the tracks are predicted again.
    compared = cfg.get('monocular') or cfg.get('baselines')
    if compared and loop.evaluator is not None and is_main_process():
        tracks = loop.tracks.subset(loop.numbers)
        rows['baselines'] = baseline_rows(cfg, loop.evaluator, tracks)
    return {
        'config': Path(cfg.filename or 'config').name,
        'method': cfg.get('method', type(runner.model).__name__),
        'estimator': cfg.model.estimator.type,
        'dataset': cfg.get('dataset_name', ''),
        **report,
        **rows,
        'cost': {
            'seconds': seconds,
            'seconds_per_frame': seconds / report['coverage']['frames'],
            'peak_memory_mb': peak_memory_mb(),
        },
        'environment': environment(),
    }
