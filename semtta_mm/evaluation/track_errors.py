"""All errors of one track, kept as sums and weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from torch import Tensor

from ..utils import InputError
from .functional import (
    PerFrame,
    acceleration_error,
    check_finite,
    check_shape,
    mpjpe,
    mpvpe,
    pa_mpjpe,
    pck,
    reprojection_error,
)
from .pairs import BodyPair, ImagePair, read_body, read_image
from .protocol import Protocol
from .samples import floats, frame_numbers, take

METRIC_NAMES = (
    'mpjpe',
    'pa_mpjpe',
    'mpvpe',
    'accel',
    'reproj_px',
    'pck',
    'mpjpe_visible',
    'mpjpe_occluded',
    'pa_mpjpe_occluded',
)
_CHUNK = 256
"""Frames of vertices that are in memory as float64 at a time."""


class Total(NamedTuple):
    """A sum and its weight: frames, or joints where stated."""

    sum: float = 0.0
    weight: int = 0

    @property
    def mean(self) -> float | None:
        """None if nothing was summed; never 0 for that."""
        return self.sum / self.weight if self.weight else None

    def plus(self, other: Total) -> Total:
        """Sum of both."""
        return Total(self.sum + other.sum, self.weight + other.weight)


@dataclass(frozen=True)
class TrackErrors:
    """Errors of a track as sums; joints and vertices are not kept.

    Attributes:
        name: Name of the track.
        frames: Number of frames.
        evaluated: Frames with at least one joint to compare.
        fps: Frames per second.
        totals: Sum and weight of each of :data:`METRIC_NAMES`. The weight is
            a number of frames; for ``mpjpe_visible``, ``mpjpe_occluded`` and
            ``pa_mpjpe_occluded`` it is a number of joints, so that the first
            two split ``mpjpe`` exactly where every joint is valid.
    """

    name: str
    frames: int
    evaluated: int
    fps: float
    totals: dict[str, Total]

    @property
    def values(self) -> dict[str, float | None]:
        """Mean of each metric; None where there is no reference."""
        return {name: total.mean for name, total in self.totals.items()}


def evaluate_track(
    sample: Mapping[str, Any], protocol: Protocol
) -> TrackErrors:
    """Compare one track with its reference.

    Args:
        sample: See :class:`~semtta_mm.evaluation.MeshMetric`.
        protocol: How to compare.

    Returns:
        Sums and weights of all metrics.

    Raises:
        InputError: If a field is wrong; names track, field and frame.
    """
    frame_ids = frame_numbers(sample)
    name = str(sample['name'])
    fps = float(take(name, sample, 'fps'))
    if not fps > 0:
        raise InputError(
            name, 'fps', f'{fps} is not positive', "give the video's rate"
        )
    stride = int(sample.get('stride') or 1)
    totals = dict.fromkeys(METRIC_NAMES, Total())
    body = read_body(sample, frame_ids, protocol)
    evaluated = 0
    if body is not None:
        evaluated = int(body.valid.any(dim=-1).sum())
        totals |= _joint_totals(body, frame_ids, (fps, stride), protocol)
        totals |= _occlusion_totals(body)
        totals['mpvpe'] = _vertex_total(sample, body, frame_ids)
    image = read_image(sample, frame_ids)
    if image is not None:
        totals |= _image_totals(image, protocol)
    return TrackErrors(name, len(frame_ids), evaluated, fps / stride, totals)


def _over_frames(errors: PerFrame) -> Total:
    valid = errors.valid
    return Total(float(errors.values[valid].sum()), int(valid.sum()))


def _joint_totals(
    body: BodyPair,
    frame_ids: Tensor,
    rate: tuple[float, int],
    protocol: Protocol,
) -> dict[str, Total]:
    prediction, target, mask = body.about_root()
    fps, stride = rate
    accel = acceleration_error(
        prediction, target, frame_ids, fps, protocol.accel_unit, mask, stride
    )
    # Independent of the root: frames without a root count too.
    aligned = pa_mpjpe(body.prediction, body.target, body.valid)
    return {
        'mpjpe': _over_frames(mpjpe(prediction, target, mask)),
        'pa_mpjpe': _over_frames(aligned),
        'accel': _over_frames(accel),
    }


def _occlusion_totals(body: BodyPair) -> dict[str, Total]:
    if body.occluded is None:
        return {}
    prediction, target, mask = body.about_root()
    parts = {
        'mpjpe_visible': mpjpe(prediction, target, mask & ~body.occluded),
        'mpjpe_occluded': mpjpe(prediction, target, mask & body.occluded),
        # Aligned over all joints, the observed ones too.
        'pa_mpjpe_occluded': pa_mpjpe(
            body.prediction, body.target, body.valid, body.occluded
        ),
    }
    return {name: _over_joints(errors) for name, errors in parts.items()}


def _over_joints(errors: PerFrame) -> Total:
    weighted = errors.values * errors.counts
    return Total(float(weighted.sum()), int(errors.counts.sum()))


def _vertex_total(
    sample: Mapping[str, Any], body: BodyPair, frame_ids: Tensor
) -> Total:
    name = str(sample['name'])
    predicted = sample['prediction'].get('vertices')
    true = sample['reference'].get('vertices')
    if predicted is None or true is None:
        return Total()
    shape = predicted.shape
    check_shape(name, 'prediction.vertices', shape, (len(frame_ids), 'V', 3))
    check_shape(name, 'reference.vertices', true.shape, tuple(shape))
    total = Total()
    for start in range(0, len(frame_ids), _CHUNK):
        part = slice(start, start + _CHUNK)
        rooted = body.rooted[part, None].expand(-1, shape[1])
        mesh, truth = floats(predicted[part]), floats(true[part])
        ids = frame_ids[part]
        check_finite(name, 'prediction.vertices', mesh, None, ids)
        check_finite(name, 'reference.vertices', truth, rooted, ids)
        errors = mpvpe(
            mesh - body.prediction_root[part],
            truth - body.target_root[part],
            rooted,
        )
        total = total.plus(_over_frames(errors))
    return total


def _image_totals(image: ImagePair, protocol: Protocol) -> dict[str, Total]:
    pair = image.prediction, image.target, image.visible
    totals = {'reproj_px': _over_frames(reprojection_error(*pair))}
    if image.size is not None:
        hits = pck(*pair, image.size, protocol.pck_threshold)
        totals['pck'] = _over_frames(hits)
    return totals


def sum_totals(tracks: list[TrackErrors]) -> dict[str, Total]:
    """Sum of all tracks, metric by metric."""
    out = dict.fromkeys(METRIC_NAMES, Total())
    for track in tracks:
        out = {key: out[key].plus(track.totals[key]) for key in out}
    return out
