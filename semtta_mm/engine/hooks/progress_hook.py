"""One progress bar for each track."""

from __future__ import annotations

import logging
from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from ...registry import HOOKS
from ..session_of import session_of

_SHOWN = ('loss_2d', 'loss_align', 'loss_smooth', 'similarity')


@HOOKS.register_module()
class AdaptProgressHook(Hook):
    """Shows steps, loss parts, similarity and time left of each track.

    Off a terminal each track leaves one finished line. The lines of
    mmengine's logger go to the log file only, as long as this hook is there.
    """

    priority = 95

    def __init__(self) -> None:
        self._bar: Progress | None = None

    def before_run(self, runner: Runner) -> None:
        """Keep the log's lines from breaking the bar."""
        for handler in runner.logger.handlers:
            if type(handler) is logging.StreamHandler:
                handler.setLevel(logging.WARNING)

    def before_train(self, runner: Runner) -> None:
        """A new bar."""
        name = session_of(runner).frames.name
        self._bar = Progress(
            TextColumn('{task.description}'),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TextColumn('{task.fields[losses]}'),
            TimeElapsedColumn(),
            TimeRemainingColumn(),
        )
        self._bar.start()
        self._task = self._bar.add_task(
            name, total=runner.max_iters, losses=''
        )

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: dict | None = None,
    ) -> None:
        """One step on."""
        if self._bar is None:
            return
        values = outputs or {}
        told = [
            f'{key.removeprefix("loss_")} {float(values[key]):.3f}'
            for key in _SHOWN
            if key in values
        ]
        self._bar.update(self._task, advance=1, losses=' '.join(told))

    def after_train(self, runner: Runner) -> None:
        """The bar stays as a line."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
