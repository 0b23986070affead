"""Worker processes that end soon after Ctrl-C."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context


@contextmanager
def worker_pool(
    workers: int, max_tasks_per_child: int | None = None
) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes, for a ``with`` statement.

    Processes are spawned: forking one that has run torch's threads may hang.
    If the body ends early, tasks that have not started are cancelled, where
    the pool of the standard library would run them all.

    Args:
        workers: Number of processes.
        max_tasks_per_child: Tasks of one process; None sets no limit.

    Yields:
        The pool.
    """
    pool = ProcessPoolExecutor(
        workers,
        get_context('spawn'),
        initializer=_end_on_interrupt,
        max_tasks_per_child=max_tasks_per_child,
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _end_on_interrupt() -> None:
    """Let Ctrl-C end this process at once, without a traceback."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
