"""Progress of one named stage: a bar on a terminal, lines in a file."""

from __future__ import annotations

import time

from rich.console import Console

from .progress import finished_line, make_progress

EVERY = 30.0
"""Seconds between two lines in a file or a pipe."""

SHORT = 1.0
"""Stages that took fewer seconds leave no line in a file or a pipe."""


class StageBar:
    """Shows that a stage goes on: ``detect walk.mp4 300/1766``.

    Args:
        console: A terminal gets a bar; a file or a pipe gets a line every
            half minute and one at the end.
        name: What is done, and to what.
        total: Number of steps; None if unknown.
        always: Write the last line also after a short stage.
    """

    def __init__(
        self,
        console: Console,
        name: str,
        total: int | None = None,
        always: bool = False,
    ) -> None:
        self._console, self._name, self._total = console, name, total
        self._always = always
        self._done, self._details = 0, ''
        self._bar = make_progress(console)
        self._task = self._bar.add_task(name, total=total, details='')
        self._start = self._last = time.monotonic()
        self._bar.start()

    def update(
        self, done: int, total: int | None = None, details: str = ''
    ) -> None:
        """Show the state.

        Args:
            done: Steps done.
            total: Number of steps, if it changed.
            details: Further numbers.
        """
        self._done, self._details = done, details
        self._total = self._total if total is None else total
        self._bar.update(
            self._task, completed=done, total=self._total, details=details
        )
        now = time.monotonic()
        if not self._console.is_terminal and now - self._last >= EVERY:
            self._last = now
            self._console.print(self._line())

    def finish(self, details: str | None = None) -> None:
        """Remove the bar of a stage without a count, else complete it.

        Args:
            details: Last numbers; None keeps those of :meth:`update`.
        """
        if details is not None:
            self._details = details
        self._bar.stop()
        lasted = time.monotonic() - self._start
        if not self._console.is_terminal and (self._always or lasted >= SHORT):
            self._console.print(self._line())

    def _line(self) -> str:
        seconds = time.monotonic() - self._start
        return finished_line(
            self._name, self._done, self._total, seconds, self._details
        )
