"""Scores of an un-adapted network: what ``tools/test.py`` runs."""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from mmengine.config import Config, DictAction
from rich.console import Console

from ..checkpoints.weights import load_weights
from ..datasets import TrackDataset
from ..engine.assess import assess, predictions
from ..evaluation import (
    merge_stages,
    metrics_table,
    protocols_table,
    write_metrics_json,
)
from ..evaluation.report import Report
from ..models.bodies import SMPLBody
from ..models.estimators import MeshEstimator
from ..registry import DATASETS, METRICS, MODELS
from ..setup_env import register_all_modules
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.environment import environment, peak_memory_mb
from ..visualization.mesh_video import write_mesh_video
from .config import read_config
from .dry_run import find_missing, tell_missing
from .rows import baseline_rows, reference_bodies, rows_table


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command, in the habits of mmpose's."""
    parser = argparse.ArgumentParser(
        prog='test', description='Score a network without adapting it.'
    )
    add = parser.add_argument
    add('config', type=Path)
    add('--work-dir', type=Path, help='default: work_dirs/NAME_OF_CONFIG')
    add('--dry-run', action='store_true', help='check all files, then stop')
    add('--overlay', action='store_true', help='write a video of each track')
    add(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='change entries of the config, e.g. weights=my.pth',
    )
    return parser


def evaluate(cfg: Config, overlay: Path | None = None) -> Report:
    """Score the config's network and the rows that it is measured against.

    Args:
        cfg: ``estimator``, ``weights``, ``body``, ``tracks``, ``metric`` and
            maybe ``baselines``; see ``configs/noadapt_hmr_pose2sim.py``.
        overlay: Folder for a video of each track; None writes none.

    Returns:
        The structure of ``metrics.json``.

    Raises:
        InputError: If a file is missing or wrong.
    """
    estimator = MODELS.build(cfg.estimator)
    if cfg.get('weights'):
        load_weights(estimator, cfg.weights)
    body, dataset = MODELS.build(cfg.body), DATASETS.build(cfg.tracks)
    metric = METRICS.build(cfg.metric)

    start = time.perf_counter()
    bodies = reference_bodies(cfg)
    stage = assess(estimator, body, dataset, metric, reference_bodies=bodies)
    seconds = time.perf_counter() - start
    others = {
        name: assess(
            estimator,
            body,
            dataset,
            METRICS.build(config),
            reference_bodies=bodies,
        )
        for name, config in cfg.get('other_metrics', {}).items()
    }
    if overlay is not None:
        draw_tracks(estimator, body, dataset, overlay)
    count = sum(len(track) for track in dataset.tracks)
    return {
        'config': Path(cfg.filename).name,
        'method': cfg.method,
        'estimator': cfg.estimator.type,
        'dataset': cfg.dataset_name,
        **merge_stages(stage),
        'baselines': baseline_rows(cfg, body, dataset, metric),
        'other_protocols': {
            name: {key: other[key] for key in ('protocol', 'overall')}
            for name, other in others.items()
        },
        'cost': {
            'seconds': seconds,
            'seconds_per_frame': seconds / count,
            'peak_memory_mb': peak_memory_mb(),
        },
        'environment': environment(),
    }


def draw_tracks(
    estimator: MeshEstimator,
    body: SMPLBody,
    dataset: TrackDataset,
    folder: Path,
) -> None:
    """A video of each track that has images: 2D evidence beside the mesh."""
    for frames, prediction in predictions(estimator, body, dataset):
        if frames.track.video is not None:
            meshes = {'un-adapted': prediction}
            path = folder / f'{frames.name}.mp4'
            write_mesh_video(frames.track, meshes, body.faces.numpy(), path)


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if the input is bad.
    """
    args = build_parser().parse_args(argv)
    cfg = read_config(args.config, args.cfg_options)
    for field in ('estimator', 'body', 'tracks', 'metric'):
        if field not in cfg:
            fix = 'name a config that tests, such as noadapt_hmr_pose2sim.py'
            raise InputError(args.config, field, 'is absent', fix)
    register_all_modules()
    if args.dry_run:
        missing = find_missing(cfg, tracks=True)
        return tell_missing(missing) if missing else 0
    work_dir = args.work_dir or Path('work_dirs') / args.config.stem
    overlay = work_dir / 'overlays' if args.overlay else None
    report = evaluate(cfg, overlay)
    work_dir.mkdir(parents=True, exist_ok=True)
    cfg.dump(str(work_dir / 'config.py'))
    write_metrics_json(work_dir / 'metrics.json', report)
    console = Console(soft_wrap=True)
    console.print(metrics_table(report))
    if report['other_protocols']:
        console.print(protocols_table(report))
    console.print(rows_table(report))
    console.print(f'written: {work_dir / "metrics.json"}', markup=False)
    return 0
