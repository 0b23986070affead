"""Evaluation of predicted tracks against their references."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from mmengine.config import Config

from ..datasets import TrackDataset, TrackFrames
from ..models.bodies import SMPLBody
from ..models.estimators import MeshEstimator, predict_track
from ..registry import METRICS, MODELS
from ..structures import BodyReference, TrackPrediction
from ..utils import InputError
from .protocol import Protocol
from .track_errors import TrackErrors, evaluate_track
from .track_sample import reference_convention, track_sample

MAIN = ''
"""Name of the first protocol; others are named by the config."""

Errors = dict[str, TrackErrors]
"""Protocol to the errors of one track."""


class EvaluatedTrack(NamedTuple):
    """A track, its prediction with meshes, and its errors."""

    frames: TrackFrames
    prediction: TrackPrediction
    errors: Errors


class TrackEvaluator:
    """Compares predictions with references under one or more protocols.

    Used by ``tools/test.py``, by the metrics hook of an adaptation and by
    the rows of comparison; a track is predicted once, whatever the number of
    protocols.

    Args:
        protocols: Name to protocol; :data:`MAIN` is the first.
        body: Body of predictions, and of references without their own.
        reference_bodies: Gender to the body of references of that gender.
    """

    def __init__(
        self,
        protocols: Mapping[str, Protocol],
        body: SMPLBody,
        reference_bodies: Mapping[str, SMPLBody] | None = None,
    ) -> None:
        self.protocols = dict(protocols)
        self.body = body
        self.reference_bodies = dict(reference_bodies or {})

    def body_of(self, reference: BodyReference | None) -> SMPLBody:
        """Body of a reference's pose and shape."""
        gender = 'neutral' if reference is None else reference.gender
        return self.reference_bodies.get(gender, self.body)

    def sample(
        self, frames: TrackFrames, prediction: TrackPrediction, frame: str
    ) -> dict[str, Any]:
        """The track as a sample of :class:`~semtta_mm.evaluation.MeshMetric`.

        Args:
            frames: The track with its reference.
            prediction: Of the same frames.
            frame: Axes of the comparison, of :data:`.FRAMES`.
        """
        return track_sample(
            frames, prediction, self.body, frame, self.reference_bodies
        )

    def __call__(
        self,
        frames: TrackFrames,
        prediction: TrackPrediction,
        names: Sequence[str] | None = None,
    ) -> Errors:
        """Errors of one track.

        Args:
            frames: The track with its reference.
            prediction: Of the same frames; without vertices there is no
                MPVPE.
            names: Of protocols; None takes all.
        """
        protocols = {
            name: self.protocols[name] for name in names or self.protocols
        }
        samples = {
            frame: self.sample(frames, prediction, frame)
            for frame in {protocol.frame for protocol in protocols.values()}
        }
        return {
            name: evaluate_track(samples[protocol.frame], protocol)
            for name, protocol in protocols.items()
        }

    def run(
        self, estimator: MeshEstimator, dataset: TrackDataset
    ) -> Iterator[EvaluatedTrack]:
        """Predict and compare every track of a dataset.

        Args:
            estimator: The network.
            dataset: The tracks; their crops must be of the network's size.

        Raises:
            InputError: If a video is missing or lacks a frame.
        """
        for i in range(len(dataset)):
            frames = dataset[i]
            convention = reference_convention(frames.reference)
            prediction = predict_track(
                estimator,
                self.body,
                frames,
                (convention, 'smpl_24'),
                vertices=True,
            )
            yield EvaluatedTrack(frames, prediction, self(frames, prediction))


def build_protocols(
    metric: Mapping[str, Any],
    others: Mapping[str, Mapping[str, Any]] | None = None,
) -> dict[str, Protocol]:
    """Protocols of a config.

    Args:
        metric: Config of a ``MeshMetric``.
        others: Name to the config of another one; None has none.

    Raises:
        InputError: If a config is no ``MeshMetric``.
    """
    configs = {MAIN: metric, **(others or {})}
    protocols = {}
    for name, config in configs.items():
        built = METRICS.build(dict(config))
        protocol = getattr(built, 'protocol', None)
        if not isinstance(protocol, Protocol):
            field = f'other_metrics.{name}' if name else 'metric'
            problem = f'{config.get("type")} has no protocol'
            fix = "write dict(type='MeshMetric', ...)"
            raise InputError('config', field, problem, fix)
        protocols[name] = protocol
    return protocols


def build_reference_bodies(
    configs: Mapping[str, Mapping[str, Any]] | None,
) -> dict[str, SMPLBody]:
    """Bodies of gendered references.

    Args:
        configs: Gender to the config of a body; None has none.
    """
    found = (configs or {}).items()
    return {gender: MODELS.build(dict(config)) for gender, config in found}


def build_evaluator(cfg: Config, body: SMPLBody) -> TrackEvaluator:
    """The evaluator of a config.

    Args:
        cfg: With ``metric`` and maybe ``other_metrics`` and
            ``reference_bodies``.
        body: Body of predictions.

    Raises:
        InputError: If there is no ``metric``.
    """
    if not cfg.get('metric'):
        fix = "write metric=dict(type='MeshMetric', ...)"
        raise InputError(cfg.filename or 'config', 'metric', 'is absent', fix)
    return TrackEvaluator(
        build_protocols(cfg.metric, cfg.get('other_metrics')),
        body,
        build_reference_bodies(cfg.get('reference_bodies')),
    )
