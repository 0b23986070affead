"""Errors of every track before, during and after adaptation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import isfinite
from statistics import fmean
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...evaluation import (
    MAIN,
    TrackEvaluator,
    build_protocols,
    build_reference_bodies,
)
from ...models.adaptors import Session
from ...models.estimators import with_vertices
from ...registry import HOOKS
from ...utils import InputError
from ..adaptor import adaptor_of

EPOCH_KEYS = ('mpjpe', 'pa_mpjpe', 'reproj_px')
"""Metrics that are kept of every epoch."""


@HOOKS.register_module()
class TrackMetricsHook(Hook):
    """Compares each track with its reference, if it has one.

    A track without a reference has reprojection error and similarity;
    unknown values are None, never 0. Errors are stored in
    ``session.errors`` and ``session.history``, for the loop's report; the
    history has the mean of each loss too.

    Args:
        metric: Config of a ``MeshMetric``; None takes the config's
            ``metric``.
        reference_bodies: Gender to the config of the body of references of
            that gender; None takes the config's ``reference_bodies``.
        other_metrics: Name to the config of a further ``MeshMetric``
            (``other_protocols`` of the report); None takes the config's
            ``other_metrics``.
    """

    priority = 45

    def __init__(
        self,
        metric: dict[str, Any] | None = None,
        reference_bodies: dict[str, dict[str, Any]] | None = None,
        other_metrics: dict[str, dict[str, Any]] | None = None,
    ) -> None:
        self._options = {
            'metric': metric,
            'reference_bodies': reference_bodies,
            'other_metrics': other_metrics,
        }
        self.evaluator: TrackEvaluator | None = None
        self._losses: dict[str, list[float]] = {}

    def before_run(self, runner: Runner) -> None:
        """Build protocols and bodies of references.

        Raises:
            InputError: If neither the hook nor the config has a metric.
        """
        found = {
            name: runner.cfg.get(name) if value is None else value
            for name, value in self._options.items()
        }
        if not found['metric']:
            fix = "write metric=dict(type='MeshMetric', ...)"
            raise InputError('config', 'metric', 'is absent', fix)
        self.evaluator = TrackEvaluator(
            build_protocols(found['metric'], found['other_metrics']),
            adaptor_of(runner).body,
            build_reference_bodies(found['reference_bodies']),
        )
        runner.train_loop.evaluator = self.evaluator

    def before_train(self, runner: Runner) -> None:
        """Errors of the pre-trained network."""
        self._measure(runner, 'before')

    def before_train_epoch(self, runner: Runner) -> None:
        """Start the means of the epoch's losses."""
        self._losses = {}

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: dict[str, Any] | None = None,
    ) -> None:
        """Keep the losses of a step."""
        for name, value in loss_values(outputs or {}).items():
            self._losses.setdefault(name, []).append(value)

    def after_train_epoch(self, runner: Runner) -> None:
        """Errors of this epoch, into the log and the session's history."""
        assert self.evaluator is not None
        session = adaptor_of(runner).session
        errors = self.evaluator(session.frames, session.refreshed, (MAIN,))
        values = errors[MAIN].values
        row: dict[str, Any] = {key: values[key] for key in EPOCH_KEYS}
        row['similarity'] = mean_similarity(session)
        text = ', '.join(
            f'{key} {value:.3g}' for key, value in row.items() if value
        )
        name = session.frames.name
        runner.logger.info(f'{name}, epoch {runner.epoch + 1}: {text}')
        row['losses'] = mean_losses(self._losses)
        session.history.append(row)

    def after_train(self, runner: Runner) -> None:
        """Errors of the adapted network."""
        self._measure(runner, 'after')

    def _measure(self, runner: Runner, stage: str) -> None:
        """Errors under every protocol, vertices included."""
        assert self.evaluator is not None
        adaptor = adaptor_of(runner)
        session, body = adaptor.session, adaptor.body
        session.errors[stage] = self.evaluator(
            session.frames, with_vertices(body, session.refreshed)
        )


def loss_values(outputs: Mapping[str, Any]) -> dict[str, float]:
    """Losses of a train step, by their short names.

    Args:
        outputs: Of the step; ``loss_NAME`` is a loss, and ``loss`` their sum,
            which is left out.
    """
    return {
        name.removeprefix('loss_'): float(torch.as_tensor(value).detach())
        for name, value in outputs.items()
        if name.startswith('loss_')
    }


def mean_losses(
    losses: Mapping[str, Sequence[float]],
) -> dict[str, float | None]:
    """Mean of each loss; None if it is not finite."""
    means = {name: fmean(values) for name, values in losses.items()}
    return {k: v if isfinite(v) else None for k, v in means.items()}


def mean_similarity(session: Session) -> float | None:
    """Mean cosine of the labelled windows; None if there is none."""
    similarity = session.similarity
    if similarity is None or not session.segments.labelled.any():
        return None
    return float(similarity.nanmean())
