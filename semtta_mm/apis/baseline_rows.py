"""Rows of comparison beside the network's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from mmengine.config import Config

from ..datasets import TrackDataset
from ..evaluation import MAIN, Protocol, TrackEvaluator, stage_report
from ..evaluation.best_constant import best_constant
from ..evaluation.evaluator import EvaluatedTrack
from ..evaluation.monocular import joints_report
from ..evaluation.report import Report
from ..evaluation.table import metric_heading, metric_number
from ..models.estimators import ConstantEstimator
from ..registry import MODELS, TASK_UTILS
from ..utils.wide_table import WideTable

_SHOWN = ('mpjpe', 'pa_mpjpe', 'mpvpe', 'accel', 'reproj_px', 'pck')


def baseline_rows(
    cfg: Config, evaluator: TrackEvaluator, dataset: TrackDataset
) -> dict[str, Report]:
    """Evaluate the rows that an estimator is compared with.

    Args:
        cfg: ``baselines`` names further estimators by their configs,
            ``monocular`` a detector's own 3D; each may be absent.
        evaluator: Compares under the config's main protocol.
        dataset: The tracks.

    Returns:
        Name to ``overall``, ``tracks`` and ``frames`` (number compared):
        ``constant pose`` (the standing body, for every frame), ``best
        constant`` (the mean of the references themselves), the config's own,
        and the detector's (``BlazePose 3D``), of the frames in which it
        found a person.
    """
    protocol = evaluator.protocols[MAIN]
    standing = ConstantEstimator(input_size=dataset.input_size)
    still = list(evaluator.run(standing, dataset))
    samples = [
        evaluator.sample(track.frames, track.prediction, protocol.frame)
        for track in still
    ]
    rows: dict[str, Report] = {
        'constant pose': _row(still, protocol),
        'best constant': best_constant(samples, protocol),
    }
    for name, config in (cfg.get('baselines') or {}).items():
        tracks = evaluator.run(MODELS.build(config), dataset)
        rows[name] = _row(tracks, protocol)
    if cfg.get('monocular'):
        lift = TASK_UTILS.build(cfg.monocular)
        pairs = [lift(track) for track in dataset.tracks]
        found = [pair for pair in pairs if pair is not None]
        if found:
            report = joints_report(found, protocol.frame)
            rows[getattr(lift, 'row', 'monocular 3D')] = _brief(report)
    return rows


def _row(tracks: Iterable[EvaluatedTrack], protocol: Protocol) -> Report:
    errors = [track.errors[MAIN] for track in tracks]
    return _brief(stage_report(errors, protocol))


def _brief(report: Report) -> Report:
    frames = report['coverage']['evaluated']
    return {key: report[key] for key in ('overall', 'tracks')} | {
        'frames': frames
    }


def rows_table(report: Mapping[str, Any]) -> WideTable:
    """The network beside its baselines, overall numbers.

    Args:
        report: Of :func:`~semtta_mm.apis.evaluate`.
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
