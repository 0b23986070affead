"""Leaving out, in a Runner, what an earlier run finished."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mmengine.runner import Runner

from .hooks import TrackMetricsHook
from .outcome import (
    config_digest,
    forget_outcome,
    read_outcome,
    write_outcome,
)


def recall(runner: Runner, name: str) -> bool:
    """Take over what an earlier run left of a track.

    Args:
        runner: With the settings and the work directory of now.
        name: Of the track.

    Returns:
        False if there is nothing to take over.
    """
    found = read_outcome(_folder(runner, name), config_digest(runner.cfg))
    if found is not None:
        runner.logger.info(f'{name}: finished by an earlier run')
        for hook in _measuring(runner):
            hook.outcomes[name] = found
    return found is not None


def forget(runner: Runner, name: str) -> None:
    """Say on disk that a track is not complete, before it is begun.

    Else a run that is broken off would leave new results beside the numbers
    of an older run.

    Args:
        runner: See :func:`recall`.
        name: Of the track.
    """
    forget_outcome(_folder(runner, name))


def record(runner: Runner, name: str, seconds: float) -> None:
    """Say on disk that a track is complete.

    Args:
        runner: See :func:`recall`.
        name: Of the track.
        seconds: That it took.
    """
    for hook in _measuring(runner):
        outcome = replace(hook.outcomes[name], seconds=seconds)
        hook.outcomes[name] = outcome
        digest = config_digest(runner.cfg)
        write_outcome(_folder(runner, name), outcome, digest)


def _folder(runner: Runner, name: str) -> Path:
    return Path(runner.work_dir) / name


def _measuring(runner: Runner) -> list[TrackMetricsHook]:
    return [h for h in runner.hooks if isinstance(h, TrackMetricsHook)]
