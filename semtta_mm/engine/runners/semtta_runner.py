"""mmengine's Runner, which can start over for the next track."""

from __future__ import annotations

import copy
import logging
from typing import Any

from mmengine.logging import MMLogger
from mmengine.runner import Runner

from ...registry import RUNNERS


def start_over(runner: Runner) -> None:
    """New optimizer and schedulers for a network that was reset.

    A function, so that
    :class:`~semtta_mm.engine.loops.VideoAdaptLoop` works in any Runner.

    Args:
        runner: Built from a config: each track needs the optimizer's anew.
    """
    runner.optim_wrapper = runner.build_optim_wrapper(
        copy.deepcopy(runner.cfg.optim_wrapper)
    )
    schedule = runner.cfg.get('param_scheduler')
    runner.param_schedulers = []
    if schedule:
        runner.param_schedulers = runner.build_param_scheduler(
            copy.deepcopy(schedule)
        )
    runner.optim_wrapper.initialize_count_status(
        runner.model, runner.train_loop.iter, runner.train_loop.max_iters
    )


@RUNNERS.register_module()
class SemTTARunner(Runner):
    """Adapts to all tracks of a ``VideoAdaptLoop`` in turn.

    Everything else is mmengine's: configs, hooks, loggers, visualizers. The
    optimizer and the schedulers must be given as configs, because each track
    needs new ones. With ``quiet_console=True`` in the config, what is no
    warning goes to the log file only.
    """

    def build_logger(self, *args: Any, **kwargs: Any) -> MMLogger:
        """See mmengine; the console hears warnings only, if so asked."""
        logger = super().build_logger(*args, **kwargs)
        if self.cfg.get('quiet_console', False):
            for handler in logger.handlers:
                if type(handler) is logging.StreamHandler:
                    handler.setLevel(logging.WARNING)
        return logger

    def start_over(self) -> None:
        """See :func:`start_over`."""
        start_over(self)
