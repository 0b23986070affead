"""Errors of every track before, during and after adaptation."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
from mmengine.dist import all_gather_object
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...evaluation import (
    MeshMetric,
    Protocol,
    TrackErrors,
    evaluate_track,
    merge_stages,
    stage_report,
)
from ...evaluation.track_sample import track_sample
from ...models.adaptors import SemTTA
from ...models.bodies import SMPLBody
from ...registry import HOOKS, METRICS, MODELS
from ...structures import TrackPrediction
from ..outcome import TrackOutcome
from ..session_of import adaptor_of
from .pose_bank_hooks import refreshed

_MAIN = ''
EPOCH_KEYS = ('mpjpe', 'pa_mpjpe', 'reproj_px')
"""Metrics that are kept of every epoch."""


@HOOKS.register_module()
class TrackMetricsHook(Hook):
    """Compares each track with its reference, if it has one.

    A track without reference has reprojection error and similarity; what is
    not known is None, never 0.

    Args:
        metric: Config of a ``MeshMetric``.
        reference_bodies: Gender to the config of the body of references of
            that gender; None takes the adaptor's body for all.
        other_metrics: Name to the config of a ``MeshMetric`` whose numbers
            stand beside the first's (``other_protocols``); None takes the
            config's ``other_metrics``.
    """

    priority = 45

    def __init__(
        self,
        metric: dict,
        reference_bodies: dict[str, dict] | None = None,
        other_metrics: dict[str, dict] | None = None,
    ) -> None:
        self.protocol = _protocol(metric)
        self._others = other_metrics
        self.others: dict[str, Protocol] = {}
        self.reference_bodies: dict[str, SMPLBody] = {
            gender: MODELS.build(config)
            for gender, config in (reference_bodies or {}).items()
        }
        self.outcomes: dict[str, TrackOutcome] = {}
        self._before: dict[str, TrackErrors] = {}

    def before_run(self, runner: Runner) -> None:
        """Build the further protocols."""
        found = self._others
        if found is None:
            found = runner.cfg.get('other_metrics') or {}
        self.others = {name: _protocol(c) for name, c in found.items()}

    def before_train(self, runner: Runner) -> None:
        """Errors of the pre-trained network."""
        self._before = self._stage(adaptor_of(runner))

    def after_train_epoch(self, runner: Runner) -> None:
        """Errors of this epoch, into the log and the session's history."""
        model = adaptor_of(runner)
        sample = self._sample(
            model, refreshed(model.session), self.protocol.frame
        )
        values = evaluate_track(sample, self.protocol).values
        row: dict[str, Any] = {key: values[key] for key in EPOCH_KEYS}
        row['similarity'] = mean_similarity(model)
        model.session.history.append(row)
        told = ', '.join(
            f'{key} {value:.3g}' for key, value in row.items() if value
        )
        name = model.session.frames.name
        runner.logger.info(f'{name}, epoch {runner.epoch + 1}: {told}')

    def after_train(self, runner: Runner) -> None:
        """Errors of the adapted network."""
        model = adaptor_of(runner)
        before, after = self._before, self._stage(model)
        assert before
        self.outcomes[model.session.frames.name] = TrackOutcome(
            before[_MAIN],
            after[_MAIN],
            model.session.history,
            others={
                name: {'before': before[name], 'after': after[name]}
                for name in self.others
            },
        )

    def report(self) -> dict[str, Any]:
        """All tracks of all processes, in the structure of ``metrics.json``.

        Every process must ask at the same time.
        """
        parts = all_gather_object(self.outcomes)
        outcomes = {k: v for part in parts for k, v in part.items()}
        ordered = [outcomes[name] for name in sorted(outcomes)]
        report = merge_stages(
            stage_report([o.before for o in ordered], self.protocol),
            stage_report([o.after for o in ordered], self.protocol),
            {o.before.name: o.epochs for o in ordered},
        )
        for name, track in report['tracks'].items():
            seconds = outcomes[name].seconds
            each = seconds / track['frames']
            track['cost'] = {'seconds': seconds, 'seconds_per_frame': each}
        report['other_protocols'] = {
            name: self._other(name, ordered) for name in self.others
        }
        return report

    def _other(
        self, name: str, outcomes: list[TrackOutcome]
    ) -> dict[str, Any]:
        """Protocol and overall numbers of a further protocol."""
        merged = merge_stages(
            *(
                stage_report(
                    [o.others[name][stage] for o in outcomes],
                    self.others[name],
                )
                for stage in ('before', 'after')
            )
        )
        return {key: merged[key] for key in ('protocol', 'overall')}

    def _stage(self, model: SemTTA) -> dict[str, TrackErrors]:
        """Errors under every protocol, vertices included."""
        prediction = refreshed(model.session)
        device = model.estimator.mean.device
        with torch.no_grad():
            posed = model.body(prediction.params.to(device), keypoints=())
        prediction = replace(prediction, vertices=posed.vertices.cpu())
        protocols = {_MAIN: self.protocol, **self.others}
        samples = {
            frame: self._sample(model, prediction, frame)
            for frame in {protocol.frame for protocol in protocols.values()}
        }
        return {
            name: evaluate_track(samples[protocol.frame], protocol)
            for name, protocol in protocols.items()
        }

    def _sample(
        self, model: SemTTA, prediction: TrackPrediction, frame: str
    ) -> dict[str, Any]:
        return track_sample(
            model.session.frames,
            prediction,
            model.body,
            frame,
            self.reference_bodies,
        )


def _protocol(metric: dict) -> Protocol:
    """How a metric's config compares."""
    built = METRICS.build(metric)
    if not isinstance(built, MeshMetric):
        raise ValueError(f'metric: expected a MeshMetric, got {metric}')
    return built.protocol


def mean_similarity(model: SemTTA) -> float | None:
    """Mean cosine of the labelled windows; None if there is none."""
    similarity = model.session.similarity
    if similarity is None or not model.session.segments.labelled.any():
        return None
    return float(similarity.nanmean())
