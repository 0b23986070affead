"""What one track's adaptation left, kept on disk to be resumed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..evaluation import Total, TrackErrors, write_metrics_json

FILE = 'metrics.json'
_DECIDES = (
    'model',
    'train_dataloader',
    'optim_wrapper',
    'param_scheduler',
    'custom_hooks',
    'other_metrics',
    'randomness',
)
_DECIDES_TRAIN = ('max_epochs', 'labeler', 'seed', 'any_wording')


@dataclass(frozen=True)
class TrackOutcome:
    """Errors of a track before and after, and what it cost.

    Attributes:
        before: Of the pre-trained network.
        after: Of the adapted one.
        epochs: Numbers of each epoch.
        seconds: That the adaptation took.
        others: Name of a further protocol to its errors before and after.
    """

    before: TrackErrors
    after: TrackErrors
    epochs: Sequence[Mapping[str, Any]] = ()
    seconds: float = 0.0
    others: Mapping[str, Mapping[str, TrackErrors]] = field(
        default_factory=dict
    )


def config_digest(cfg: Config) -> str:
    """Changes when anything does that decides a track's result.

    Args:
        cfg: Of the Runner.
    """
    whole = cfg.to_dict()
    parts = {key: whole.get(key) for key in _DECIDES}
    loop = whole.get('train_cfg') or {}
    parts |= {key: loop.get(key) for key in _DECIDES_TRAIN}
    text = json.dumps(parts, sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()


def write_outcome(folder: Path, outcome: TrackOutcome, digest: str) -> None:
    """Write a track's ``metrics.json``; last of all, so it says "complete".

    Args:
        folder: Of the track.
        outcome: Its numbers.
        digest: See :func:`config_digest`.
    """
    stages = {'before': outcome.before, 'after': outcome.after}
    frames = outcome.before.frames
    common = {
        key: getattr(outcome.before, key)
        for key in ('name', 'frames', 'evaluated', 'fps')
    }
    values = {
        **common,
        **{stage: errors.values for stage, errors in stages.items()},
        'epochs': [dict(epoch) for epoch in outcome.epochs],
        'cost': {
            'seconds': outcome.seconds,
            'seconds_per_frame': outcome.seconds / frames,
        },
        'resume': {
            'config': digest,
            **{stage: asdict(errors) for stage, errors in stages.items()},
            'others': {
                name: {stage: asdict(errors) for stage, errors in pair.items()}
                for name, pair in outcome.others.items()
            },
        },
    }
    write_metrics_json(folder / FILE, values)


def forget_outcome(folder: Path) -> None:
    """What lies there is no longer complete: the track starts anew.

    Args:
        folder: Of the track.
    """
    (folder / FILE).unlink(missing_ok=True)


def read_outcome(folder: Path, digest: str) -> TrackOutcome | None:
    """What an earlier run left.

    Args:
        folder: Of the track.
        digest: Of the config of now.

    Returns:
        None if there is nothing, it is broken, or of another config: the
        track is then adapted anew.
    """
    try:
        values = json.loads((folder / FILE).read_text(encoding='utf-8'))
        kept = values['resume']
        if kept['config'] != digest or not (folder / 'result.npz').is_file():
            return None
        return TrackOutcome(
            before=_errors(kept['before']),
            after=_errors(kept['after']),
            epochs=values['epochs'],
            seconds=values['cost']['seconds'],
            others={
                name: {
                    stage: _errors(errors) for stage, errors in pair.items()
                }
                for name, pair in kept['others'].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _errors(values: Mapping[str, Any]) -> TrackErrors:
    totals = {name: Total(*pair) for name, pair in values['totals'].items()}
    return TrackErrors(**{**values, 'totals': totals})
