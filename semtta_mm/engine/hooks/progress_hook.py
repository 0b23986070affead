"""Progress of each track, stage by stage."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...registry import HOOKS
from ...utils.console import make_console
from ...utils.progress import details_width, values_text
from ...utils.stage_bar import StageBar
from ..adaptor import adaptor_of
from .track_metrics_hook import loss_values

_FIRST = 'similarity'


@HOOKS.register_module()
class AdaptProgressHook(Hook):
    """One bar for each stage of a track: labels, read, adapt, write.

    The bar of the adaptation has steps and time left, and all losses of the
    method that fit the width of the terminal, similarity first. In a file or
    a pipe each track gives one line with all of them, and one for each other
    stage of more than a second. Set ``quiet_console`` in the config, else
    the logger's lines break the bar.
    """

    priority = 95

    def __init__(self) -> None:
        self._bar: StageBar | None = None
        self._console = make_console()

    def begin_stage(
        self, runner: Runner, name: str, track: str, total: int | None
    ) -> None:
        """A bar for a stage before the adaptation."""
        self._bar = StageBar(self._console, f'{name} {track}', total)

    def advance_stage(self, runner: Runner, done: int, total: int) -> None:
        """Advance that bar."""
        if self._bar is not None:
            self._bar.update(done, total)

    def end_stage(self, runner: Runner) -> None:
        """Finish the bar of any stage."""
        if self._bar is not None:
            self._bar.finish()
        self._bar = None

    def before_train(self, runner: Runner) -> None:
        """The bar of the adaptation."""
        self._track = adaptor_of(runner).session.frames.name
        self._total, self._done = runner.max_iters, 0
        self._values: dict[str, float] = {}
        self._bar = StageBar(self._console, self._name, self._total, True)

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
        width = None
        if self._console.is_terminal:
            width = details_width(self._console, self._name, self._total)
        details = values_text(self._values, width)
        self._bar.update(self._done, details=details)

    def after_train_epoch(self, runner: Runner) -> None:
        """After the last epoch only files are left to write."""
        if self._bar is not None and self._done >= self._total:
            self.end_stage(runner)
            self.begin_stage(runner, 'write', self._track, None)

    def after_train(self, runner: Runner) -> None:
        """All files are written: this hook is the last."""
        self.end_stage(runner)

    @property
    def _name(self) -> str:
        return f'adapt {self._track}'


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
