"""One progress bar for each track."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from ...registry import HOOKS
from ..adaptor import adaptor_of

_SHOWN = ('loss_2d', 'loss_align', 'loss_smooth', 'similarity')


@HOOKS.register_module()
class AdaptProgressHook(Hook):
    """Shows steps, loss parts, similarity and time left of each track.

    Off a terminal each track leaves one finished line. Set ``quiet_console``
    in the config, else the logger's lines break the bar.
    """

    priority = 95

    def __init__(self) -> None:
        self._bar: Progress | None = None

    def before_train(self, runner: Runner) -> None:
        """A new bar."""
        name = adaptor_of(runner).session.frames.name
        self._bar = Progress(
            TextColumn('{task.description}'),
            BarColumn(bar_width=16),
            MofNCompleteColumn(),
            TextColumn('{task.fields[losses]}'),
            TimeRemainingColumn(elapsed_when_finished=True),
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
        values = {
            key: float(torch.as_tensor(value).detach())
            for key, value in (outputs or {}).items()
            if key in _SHOWN
        }
        told = [
            f'{key.removeprefix("loss_")} {value:.3f}'
            for key, value in values.items()
        ]
        self._bar.update(self._task, advance=1, losses=' '.join(told))

    def after_train(self, runner: Runner) -> None:
        """The bar stays as a line."""
        if self._bar is not None:
            self._bar.stop()
            self._bar = None
