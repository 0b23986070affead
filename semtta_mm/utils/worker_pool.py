"""Worker processes that end soon after Ctrl-C, or when their parent ends."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

_PATIENCE = 0.5
"""Between two looks at the parent, s."""


@contextmanager
def worker_pool(
    workers: int, max_tasks_per_child: int | None = None
) -> Iterator[ProcessPoolExecutor]:
    """A pool of processes, for a ``with`` statement.

    A process ends when its parent has ended, however that came.
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
        initializer=_end_in_time,
        initargs=(os.getpid(),),
        max_tasks_per_child=max_tasks_per_child,
    )
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


def _end_in_time(parent: int) -> None:
    """Let Ctrl-C or the end of the parent end this process at once.

    Args:
        parent: Process that the pool belongs to.
    """
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    watch = threading.Thread(target=_end_with, args=(parent,), daemon=True)
    watch.start()


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_PATIENCE)
    os._exit(1)
