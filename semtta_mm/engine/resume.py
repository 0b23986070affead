"""Finished tracks on disk: written last, reused by a resumed run."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..evaluation import Total, TrackErrors, write_metrics_json
from ..utils.digest import settings_digest
from .outcome import TrackOutcome

FILE = 'metrics.json'
_DECIDES = (
    'model',
    'train_dataloader',
    'optim_wrapper',
    'param_scheduler',
    'hooks',
    'custom_hooks',
    'metric',
    'other_metrics',
    'reference_bodies',
    'randomness',
)
"""Entries of a config that determine a track's result."""

_DECIDES_NOT_LOOP = ('only', 'resume')
"""Options of the loop that do not determine it."""

_WRITES = 'export'
"""Role of the hook that only writes a result in other formats."""


def config_digest(cfg: Config) -> str:
    """Hash of all entries that determine a track's result.

    Args:
        cfg: Of the Runner.
    """
    whole = cfg.to_dict()
    loop = dict(whole.get('train_cfg') or {})
    for key in _DECIDES_NOT_LOOP:
        loop.pop(key, None)
    if whole.get('hooks'):
        hooks = whole['hooks'].items()
        whole['hooks'] = {k: v for k, v in hooks if k != _WRITES}
    return settings_digest({key: whole.get(key) for key in _DECIDES}, loop)


def write_outcome(folder: Path, outcome: TrackOutcome, digest: str) -> None:
    """Write a track's ``metrics.json``, after all its other files.

    A folder that has it is complete.

    Args:
        folder: Of the track.
        outcome: Its numbers.
        digest: See :func:`config_digest`.
    """
    errors = {
        stage: {name: asdict(errors) for name, errors in found.items()}
        for stage, found in outcome.errors.items()
    }
    files = sorted(path.name for path in folder.iterdir() if path.is_file())
    resume = {'config': digest, 'files': files, 'errors': errors}
    write_metrics_json(folder / FILE, outcome.values() | {'resume': resume})


def discard_outcome(folder: Path) -> None:
    """Mark a track as incomplete before it is adapted again.

    Otherwise an interrupted run would leave new results with old numbers.

    Args:
        folder: Of the track.
    """
    (folder / FILE).unlink(missing_ok=True)


def read_outcome(folder: Path, digest: str) -> TrackOutcome | None:
    """The outcome of an earlier run.

    Args:
        folder: Of the track.
        digest: Of the current config.

    Returns:
        None if there is none, it is damaged, of another config, or another
        file of the track is missing: the track is then adapted again.
    """
    try:
        values = json.loads((folder / FILE).read_text(encoding='utf-8'))
        kept = values['resume']
        if kept['config'] != digest:
            return None
        if not all((folder / name).is_file() for name in kept['files']):
            return None
        return TrackOutcome(
            name=values['name'],
            frames=values['frames'],
            rate=values['fps'],
            epochs=values['epochs'],
            seconds=values['cost']['seconds'],
            errors={
                stage: {name: _errors(e) for name, e in found.items()}
                for stage, found in kept['errors'].items()
            },
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _errors(values: Mapping[str, Any]) -> TrackErrors:
    totals = {name: Total(*pair) for name, pair in values['totals'].items()}
    return TrackErrors(**{**values, 'totals': totals})
