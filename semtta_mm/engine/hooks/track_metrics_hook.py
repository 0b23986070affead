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
    TrackErrors,
    evaluate_track,
    merge_stages,
    stage_report,
)
from ...evaluation.track_sample import track_sample
from ...models.adaptors import SemTTA
from ...models.bodies import SMPLBody
from ...registry import HOOKS, METRICS, MODELS
from ..outcome import TrackOutcome
from ..session_of import adaptor_of
from .pose_bank_hooks import refreshed

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
    """

    priority = 45

    def __init__(
        self, metric: dict, reference_bodies: dict[str, dict] | None = None
    ) -> None:
        built = METRICS.build(metric)
        if not isinstance(built, MeshMetric):
            raise ValueError(f'metric: expected a MeshMetric, got {metric}')
        self.protocol = built.protocol
        self.reference_bodies: dict[str, SMPLBody] = {
            gender: MODELS.build(config)
            for gender, config in (reference_bodies or {}).items()
        }
        self.outcomes: dict[str, TrackOutcome] = {}
        self._before: TrackErrors | None = None

    def before_train(self, runner: Runner) -> None:
        """Errors of the pre-trained network."""
        self._before = self._errors(adaptor_of(runner), True)

    def after_train_epoch(self, runner: Runner) -> None:
        """Errors of this epoch, into the log and the session's history."""
        model = adaptor_of(runner)
        values = self._errors(model, False).values
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
        assert self._before is not None
        self.outcomes[model.session.frames.name] = TrackOutcome(
            self._before, self._errors(model, True), model.session.history
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
        return report

    def _errors(self, model: SemTTA, vertices: bool) -> TrackErrors:
        session = model.session
        prediction = refreshed(session)
        if vertices:
            device = model.estimator.mean.device
            with torch.no_grad():
                posed = model.body(prediction.params.to(device), keypoints=())
            prediction = replace(prediction, vertices=posed.vertices.cpu())
        sample = track_sample(
            session.frames,
            prediction,
            model.body,
            self.protocol.frame,
            self.reference_bodies,
        )
        return evaluate_track(sample, self.protocol)


def mean_similarity(model: SemTTA) -> float | None:
    """Mean cosine of the labelled windows; None if there is none."""
    similarity = model.session.similarity
    if similarity is None or not model.session.segments.labelled.any():
        return None
    return float(similarity.nanmean())
