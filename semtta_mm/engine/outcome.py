"""The result of one track's adaptation, and the report of all tracks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..evaluation import MAIN, Protocol, TrackErrors, staged_report

STAGES = ('before', 'after')


@dataclass(frozen=True)
class TrackOutcome:
    """Numbers of an adapted track.

    Attributes:
        name: Name of the track.
        frames: Number of frames.
        rate: Frames per second.
        epochs: Numbers of each epoch.
        seconds: Duration of the adaptation.
        errors: Stage (``'before'``, ``'after'``) to protocol to errors;
            empty if no hook measured them.
    """

    name: str
    frames: int
    rate: float
    epochs: Sequence[Mapping[str, Any]] = ()
    seconds: float = 0.0
    errors: Mapping[str, Mapping[str, TrackErrors]] = field(
        default_factory=dict
    )

    @property
    def cost(self) -> dict[str, float]:
        """Seconds, and seconds per frame."""
        return {
            'seconds': self.seconds,
            'seconds_per_frame': self.seconds / self.frames,
        }

    def values(self) -> dict[str, Any]:
        """The track's entry in its own ``metrics.json``."""
        before = self.errors.get('before', {}).get(MAIN)
        return {
            'name': self.name,
            'frames': self.frames,
            'evaluated': before.evaluated if before else 0,
            'fps': self.rate,
            **{
                stage: self.errors[stage][MAIN].values
                for stage in STAGES
                if stage in self.errors
            },
            'epochs': [dict(epoch) for epoch in self.epochs],
            'cost': self.cost,
        }


def outcomes_report(
    outcomes: Mapping[str, TrackOutcome], protocols: Mapping[str, Protocol]
) -> dict[str, Any]:
    """All tracks in the structure of ``metrics.json``.

    Args:
        outcomes: Name to outcome.
        protocols: Of the errors; empty if none were measured.

    Returns:
        See :func:`~semtta_mm.evaluation.staged_report`; each track also has
        its ``cost``.
    """
    ordered = [outcomes[name] for name in sorted(outcomes)]
    if protocols:
        report = staged_report(
            [outcome.errors for outcome in ordered],
            protocols,
            {outcome.name: outcome.epochs for outcome in ordered},
        )
    else:
        report = _unmeasured(ordered)
    for name, track in report['tracks'].items():
        track['cost'] = outcomes[name].cost
    return report


def _unmeasured(outcomes: Sequence[TrackOutcome]) -> dict[str, Any]:
    """Report of a run without a metrics hook."""
    frames = sum(outcome.frames for outcome in outcomes)
    return {
        'units': 'mm',
        'protocol': None,
        'coverage': {'frames': frames, 'evaluated': 0, 'weights': {}},
        'overall': {'before': None, 'after': None},
        'tracks': {
            outcome.name: {'before': None, 'after': None, **outcome.values()}
            for outcome in outcomes
        },
        'other_protocols': {},
    }
