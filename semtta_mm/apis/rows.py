"""The rows that every table carries beside the network's own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmengine.config import Config

from ..datasets import TrackDataset
from ..engine.assess import assess, predictions
from ..evaluation import MeshMetric
from ..evaluation.best_constant import best_constant
from ..evaluation.monocular import joints_report
from ..evaluation.report import Report
from ..evaluation.table import metric_heading, metric_number
from ..evaluation.track_sample import track_sample
from ..models.bodies import SMPLBody
from ..models.estimators import ConstantEstimator, MeshEstimator
from ..registry import MODELS, TASK_UTILS
from ..utils.wide_table import WideTable

_SHOWN = ('mpjpe', 'pa_mpjpe', 'mpvpe', 'accel', 'reproj_px', 'pck')


def baseline_rows(
    cfg: Config, body: SMPLBody, dataset: TrackDataset, metric: MeshMetric
) -> dict[str, Report]:
    """Score what an estimator has to beat.

    Args:
        cfg: ``baselines`` names further estimators by their configs,
            ``monocular`` a detector's own 3D.
        body: Body of predictions and references.
        dataset: The tracks.
        metric: How to compare.

    Returns:
        Name to ``overall`` and ``tracks``: ``constant pose`` (the standing
        body, for every frame), ``best constant`` (the mean of the very
        truth), the config's own, and ``BlazePose 3D``, of the frames in
        which it saw somebody (``frames``).
    """
    size = cfg.estimator.input_size
    standing = ConstantEstimator(input_size=size)
    bodies, frame = reference_bodies(cfg), metric.protocol.frame
    samples = [
        track_sample(frames, prediction, body, frame, bodies)
        for frames, prediction in predictions(standing, body, dataset)
    ]

    def scored(estimator: MeshEstimator) -> Report:
        return _brief(
            assess(estimator, body, dataset, metric, reference_bodies=bodies)
        )

    rows: dict[str, Report] = {
        'constant pose': scored(standing),
        'best constant': best_constant(samples, metric.protocol),
    }
    for name, config in (cfg.get('baselines') or {}).items():
        rows[name] = scored(MODELS.build(config))
    if cfg.get('monocular'):
        lift = TASK_UTILS.build(cfg.monocular)
        pairs = [lift(track) for track in dataset.tracks]
        seen = [pair for pair in pairs if pair is not None]
        if seen:
            report = joints_report(seen, metric.protocol.frame)
            rows['BlazePose 3D'] = _brief(report)
    return rows


def reference_bodies(cfg: Config) -> dict[str, SMPLBody]:
    """Bodies of gendered references, by gender.

    Args:
        cfg: ``reference_bodies`` names them; without it there are none.
    """
    found = cfg.get('reference_bodies') or {}
    return {gender: MODELS.build(config) for gender, config in found.items()}


def _brief(report: Report) -> Report:
    frames = report['coverage']['evaluated']
    return {key: report[key] for key in ('overall', 'tracks')} | {
        'frames': frames
    }


def rows_table(report: Mapping[str, Any]) -> WideTable:
    """The network beside its baselines, overall numbers.

    Args:
        report: What :func:`~semtta_mm.apis.test.evaluate` gives.
    """
    protocol = report['protocol']
    table = WideTable(
        ['Row'],
        [metric_heading(name, protocol) for name in _SHOWN],
        title=f'{report["dataset"]}: overall',
    )
    whole = report['coverage']['evaluated']
    for row, scores in report['baselines'].items():
        count = scores.get('frames', whole)
        name = row if count == whole else f'{row} ({count} of {whole} frames)'
        _add(table, name, scores['overall'])
    _add(table, 'un-adapted', report['overall']['before'])
    after = report['overall'].get('after')
    if after is not None:
        _add(table, 'adapted', after)
    return table


def _add(
    table: WideTable, row: str, scores: Mapping[str, float | None]
) -> None:
    cells = [metric_number(scores.get(name), name) for name in _SHOWN]
    table.add_row(row, *cells)
