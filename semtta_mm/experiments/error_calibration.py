"""Expected errors of rotations, measured on tracks with exact 3D."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from scipy.stats import spearmanr
from torch import Tensor

from ..datasets import TrackDataset
from ..geometry import axis_angle_to_matrix, rotation_angle
from ..models.adaptors.observed_rotations import observed_with_root
from ..models.adaptors.precision import (
    KINDS,
    ExpectedErrors,
    frames_to_observed,
    joint_kinds,
)
from ..models.bodies import SMPLBody
from ..registry import DATASETS, METRICS
from .plan import Run
from .unobserved_errors import true_pose

_SECONDS = (0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 10.0)
"""Candidates of :attr:`ExpectedErrors.seconds`."""


@dataclass(frozen=True)
class RotationErrors:
    """Errors of one track.

    Attributes:
        angle: Between predicted and true rotation ``[T, 24]``, degrees.
        seconds: To the nearest frame in which the rotation is observed
            ``[T, 24]``; infinity where there is none.
        predicted: A lifter's expected errors ``[T, 24]``, degrees, or None.
    """

    angle: Tensor
    seconds: Tensor
    predicted: Tensor | None = None


def run_errors(
    run: Run, work_dir: Path, file: str = 'result.npz'
) -> list[RotationErrors]:
    """Errors of the tracks of a finished run.

    Args:
        run: The run.
        work_dir: Of the experiment.
        file: Of each track: ``'result.npz'``, or ``'before.npz'`` for the
            un-adapted network.

    Raises:
        FileNotFoundError: If a track has no result.
    """
    folder = work_dir / run.name
    cfg = run.configured(folder)
    dataset: TrackDataset = DATASETS.build(cfg.train_dataloader.dataset)
    frame = METRICS.build(cfg.metric).protocol.frame
    body, out = SMPLBody(), []
    for track in dataset.tracks:
        truth = true_pose(track, body, frame)
        if truth is None:
            continue
        with np.load(folder / track.name / file) as result:
            vectors = np.concatenate(
                (result['global_orient'], result['body_pose']), axis=1
            )
            predicted = result.get('lifted_error_deg')
        pose = axis_angle_to_matrix(
            torch.from_numpy(vectors).float().reshape(-1, 24, 3)
        )
        seen = observed_with_root(
            torch.from_numpy(track.scores > 0), track.convention
        )
        out.append(
            RotationErrors(
                angle=rotation_angle(pose, truth).rad2deg(),
                seconds=frames_to_observed(seen) / track.rate,
                predicted=None
                if predicted is None or file != 'result.npz'
                else torch.from_numpy(predicted).float(),
            )
        )
    return out


def fit_expected_errors(tracks: Sequence[RotationErrors]) -> ExpectedErrors:
    """Fit :class:`ExpectedErrors` to measured errors.

    A kind that is never hidden in these tracks rises by the mean factor of
    the others. No error falls when its rotation is hidden.

    Args:
        tracks: Of one row.

    Raises:
        ValueError: If a kind is never observed, or none is hidden for a
            whole track.
    """
    angle = torch.cat([track.angle for track in tracks])
    away = torch.cat([track.seconds for track in tracks])
    kinds = np.array(joint_kinds())
    low: dict[str, float] = {}
    high: dict[str, float] = {}
    for kind in KINDS:
        own, far = angle[:, kinds == kind], away[:, kinds == kind]
        if not (far == 0).any():
            raise ValueError(f'no rotation of kind {kind} is observed')
        low[kind] = _rms(own[far == 0])
        if far.isinf().any():
            high[kind] = max(_rms(own[far.isinf()]), low[kind])
    if not high:
        raise ValueError('no rotation is hidden for a whole track')
    factor = float(np.mean([high[kind] / low[kind] for kind in high]))
    high |= {k: factor * low[k] for k in KINDS if k not in high}
    gap = (away > 0) & away.isfinite()

    def misfit(seconds: float) -> float:
        model = ExpectedErrors(low, high, seconds)
        found = torch.cat([model.after(track.seconds) for track in tracks])
        wanted = angle[gap].square()
        return float((wanted - found[gap].square()).square().mean())

    return ExpectedErrors(low, high, min(_SECONDS, key=misfit))


def _rms(values: Tensor) -> float:
    return float(values.square().mean().sqrt())


@dataclass(frozen=True)
class ErrorRatios:
    """Measured over predicted errors of a lifter.

    Attributes:
        scale: Root mean squares' ratio of rotations that are observed, or
            never are, for ``LifterHook.scale``.
        root_gap: Of the root in gaps, over ``scale``, for ``gap_scale``.
        local_gap: The same of the other rotations.
        correlation: Rank correlation of both over all (Spearman).
    """

    scale: float
    root_gap: float
    local_gap: float
    correlation: float


def error_ratios(tracks: Iterable[RotationErrors]) -> ErrorRatios:
    """Ratios of measured to predicted errors of a lifter.

    Args:
        tracks: Of a row with predicted errors.

    Returns:
        Ratios; NaN where there is no gap.
    """
    known = [t for t in tracks if t.predicted is not None]
    angle = torch.cat([t.angle for t in known])
    expected = torch.cat(
        [t.predicted for t in known if t.predicted is not None]
    )
    seconds = torch.cat([t.seconds for t in known])
    gap = (seconds > 0) & seconds.isfinite()
    root = torch.zeros_like(gap)
    root[:, 0] = True

    def ratio(chosen: Tensor) -> float:
        return _rms(angle[chosen]) / _rms(expected[chosen])

    every = ratio(~gap)
    return ErrorRatios(
        every,
        ratio(gap & root) / every,
        ratio(gap & ~root) / every,
        float(spearmanr(angle.flatten(), expected.flatten()).statistic),
    )
