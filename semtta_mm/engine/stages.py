"""Named stages of a track's adaptation, shown by hooks that know them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from mmengine.runner import Runner

Report = Callable[[int, int], None]
"""Called with the steps done and the steps to do."""


@contextmanager
def stage(
    runner: Runner, name: str, track: str, total: int | None = None
) -> Iterator[Report]:
    """Tell the hooks when a stage begins, goes on and ends.

    A hook without these methods is not called. They are
    ``begin_stage(runner, name, track, total)``,
    ``advance_stage(runner, done, total)`` and ``end_stage(runner)``.

    Args:
        runner: Has the hooks.
        name: Of the stage: ``'labels'`` or ``'read'``.
        track: Name of the track.
        total: Number of steps; None if unknown.

    Yields:
        A function that reports progress.
    """
    runner.call_hook('begin_stage', name=name, track=track, total=total)

    def report(done: int, total: int) -> None:
        runner.call_hook('advance_stage', done=done, total=total)

    try:
        yield report
    finally:
        runner.call_hook('end_stage')
