"""One progress bar for each track."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner
from rich.progress import Progress

from ...registry import HOOKS
from ...utils.console import make_console
from ...utils.progress import (
    details_width,
    finished_line,
    make_progress,
    values_text,
)
from ..adaptor import adaptor_of
from .track_metrics_hook import loss_values

_FIRST = 'similarity'


@HOOKS.register_module()
class AdaptProgressHook(Hook):
    """Shows steps, similarity, losses and time left of each track.

    All losses of the method are shown that fit the width of the terminal,
    similarity first. In a file or a pipe each track gives one line with all
    of them. Set ``quiet_console`` in the config, else the logger's lines
    break the bar.
    """

    priority = 95

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._console = make_console()

    def before_train(self, runner: Runner) -> None:
        """A new bar."""
        self._name = adaptor_of(runner).session.frames.name
        self._total, self._done = runner.max_iters, 0
        self._start = time.monotonic()
        self._values: dict[str, float] = {}
        self._bar = make_progress(self._console)
        self._bar.start()
        self._task = self._bar.add_task(
            self._name, total=self._total, details=''
        )

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: dict[str, Any] | None = None,
    ) -> None:
        """Advance the bar by one step."""
        if self._bar is None:
            return
        self._done += 1
        self._values = shown_values(outputs or {})
        width = details_width(self._console, self._name, self._total)
        self._bar.update(
            self._task, advance=1, details=values_text(self._values, width)
        )

    def after_train(self, runner: Runner) -> None:
        """Finish the bar, or print the line."""
        if self._bar is None:
            return
        self._bar.stop()
        self._bar = None
        if not self._console.is_terminal:
            line = finished_line(
                self._name,
                self._done,
                self._total,
                time.monotonic() - self._start,
                values_text(self._values),
            )
            self._console.print(line)


def shown_values(outputs: Mapping[str, Any]) -> dict[str, float]:
    """The similarity and all losses, by their short names.

    Args:
        outputs: Of a train step; ``loss_NAME`` is a loss, and ``loss`` their
            sum, which is left out.

    Returns:
        Name to value, the similarity first.
    """
    values = loss_values(outputs)
    if _FIRST in outputs:
        first = float(torch.as_tensor(outputs[_FIRST]).detach())
        values = {_FIRST: first, **values}
    return values
