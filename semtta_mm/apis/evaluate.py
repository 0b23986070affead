"""Evaluation of a network that is not adapted."""

from __future__ import annotations

import time
from os import PathLike
from pathlib import Path
from typing import Any

from mmengine.config import Config
from numpy.typing import NDArray

from ..checkpoints.weights import load_weights
from ..evaluation import build_evaluator, staged_report
from ..evaluation.articulation import Articulation
from ..evaluation.evaluator import EvaluatedTrack
from ..evaluation.report import Report
from ..registry import DATASETS, MODELS
from ..utils import InputError
from ..utils.environment import environment, peak_memory_mb
from ..visualization.mesh_video import write_mesh_video
from .baseline_rows import baseline_rows
from .config import read_config

_NEEDED = ('estimator', 'body', 'tracks', 'metric')


def evaluate(
    config: str | PathLike[str] | Config, overlay: Path | None = None
) -> Report:
    """Evaluate the config's network and the rows that it is compared with.

    Args:
        config: See :func:`.read_config`: a config with ``estimator``,
            ``weights``, ``body``, ``tracks``, ``metric`` and maybe
            ``other_metrics``, ``baselines`` and ``monocular``, such as
            ``configs/noadapt_hmr_pose2sim.py``.
        overlay: Folder for a video of each track; None writes none.

    Returns:
        The structure of ``metrics.json``.

    Raises:
        InputError: If an entry is absent, or a file is missing or wrong.
    """
    cfg = read_config(config)
    check_evaluates(cfg)
    estimator = MODELS.build(cfg.estimator)
    if cfg.get('weights'):
        load_weights(estimator, cfg.weights)
    body, dataset = MODELS.build(cfg.body), DATASETS.build(cfg.tracks)
    evaluator = build_evaluator(cfg, body)
    start, moving, errors = time.perf_counter(), Articulation(), []
    for track in evaluator.run(estimator, dataset):
        reference = track.frames.reference
        moving.add(track.prediction, reference, evaluator.body_of(reference))
        errors.append({'before': track.errors})
        if overlay is not None:
            draw_track(track, body.faces.numpy(), overlay)
    seconds = time.perf_counter() - start
    return {
        'config': Path(cfg.filename or 'config').name,
        'method': cfg.get('method', 'noadapt'),
        'estimator': cfg.estimator.type,
        'dataset': cfg.get('dataset_name', ''),
        **staged_report(errors, evaluator.protocols),
        'articulation': moving.report(),
        'baselines': baseline_rows(cfg, evaluator, dataset),
        'cost': {
            'seconds': seconds,
            'seconds_per_frame': seconds / sum(map(len, dataset.tracks)),
            'peak_memory_mb': peak_memory_mb(),
        },
        'environment': environment(),
    }


def check_evaluates(cfg: Config) -> None:
    """Refuse a config that lacks what :func:`evaluate` needs.

    Raises:
        InputError: Naming the absent entry.
    """
    for field in _NEEDED:
        if not cfg.get(field):
            fix = 'name a config that tests, such as noadapt_hmr_pose2sim.py'
            source = cfg.filename or 'config'
            raise InputError(source, field, 'is absent', fix)


def draw_track(
    track: EvaluatedTrack, faces: NDArray[Any], folder: Path
) -> None:
    """Write a video of a track: 2D evidence beside the mesh.

    Args:
        track: One without a video is left out.
        faces: Of the body ``[F, 3]``.
        folder: Where ``{track}.mp4`` goes.
    """
    if track.frames.track.video is not None:
        meshes = {'un-adapted': track.prediction}
        path = folder / f'{track.frames.name}.mp4'
        write_mesh_video(track.frames.track, meshes, faces, path)
