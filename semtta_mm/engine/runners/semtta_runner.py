"""mmengine's Runner, which can start over for the next track."""

from __future__ import annotations

import copy

from mmengine.runner import Runner

from ...registry import RUNNERS


@RUNNERS.register_module()
class SemTTARunner(Runner):
    """Adapts to all tracks of a :class:`VideoAdaptLoop` in turn.

    Everything else is mmengine's: configs, hooks, loggers, visualizers. The
    optimizer and the schedulers must be given as configs, because each track
    needs new ones.
    """

    def start_over(self) -> None:
        """New optimizer and schedulers for a network that was reset."""
        self.optim_wrapper = self.build_optim_wrapper(
            copy.deepcopy(self.cfg.optim_wrapper)
        )
        schedule = self.cfg.get('param_scheduler')
        self.param_schedulers = []
        if schedule:
            self.param_schedulers = self.build_param_scheduler(
                copy.deepcopy(schedule)
            )
        self.optim_wrapper.initialize_count_status(
            self.model, self.train_loop.iter, self.train_loop.max_iters
        )
