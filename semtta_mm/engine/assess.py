"""Scoring an estimator on tracks, without adapting it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from ..datasets import TrackDataset, TrackFrames
from ..evaluation import MeshMetric
from ..evaluation.articulation import Articulation
from ..evaluation.report import Report
from ..evaluation.track_sample import reference_convention, track_sample
from ..models.bodies import SMPLBody
from ..models.estimators import MeshEstimator
from ..structures import TrackPrediction
from .refresh import refresh

Watcher = Callable[[TrackFrames, TrackPrediction], None]


def assess(
    estimator: MeshEstimator,
    body: SMPLBody,
    dataset: TrackDataset,
    metric: MeshMetric,
    watch: Watcher | None = None,
    reference_bodies: Mapping[str, SMPLBody] | None = None,
) -> Report:
    """Predict every track and compare it with its reference.

    Args:
        estimator: The network.
        body: Body of predictions, and of references without their own.
        dataset: The tracks; their crops must be of the network's size.
        metric: How to compare.
        watch: Is shown each track with its prediction, meshes included.
        reference_bodies: Gender to the body of references of that gender.

    Returns:
        Report of one stage, see
        :func:`~semtta_mm.evaluation.report.stage_report`, and
        ``articulation``.

    Raises:
        InputError: If a video is missing or lacks a frame.
    """
    moving = Articulation()
    for frames, prediction in predictions(estimator, body, dataset):
        reference = frames.reference
        sample = track_sample(
            frames, prediction, body, metric.protocol.frame, reference_bodies
        )
        metric.process(None, [sample])
        gender = 'neutral' if reference is None else reference.gender
        true_body = (reference_bodies or {}).get(gender, body)
        moving.add(prediction, reference, true_body)
        if watch is not None:
            watch(frames, prediction)
    report = metric.report() | {'articulation': moving.report()}
    metric.results.clear()
    return report


def predictions(
    estimator: MeshEstimator, body: SMPLBody, dataset: TrackDataset
) -> Iterator[tuple[TrackFrames, TrackPrediction]]:
    """Each track with its prediction."""
    for i in range(len(dataset)):
        frames = dataset[i]
        convention = reference_convention(frames.reference)
        yield (
            frames,
            refresh(
                estimator, body, frames, (convention, 'smpl_24'), vertices=True
            ),
        )
