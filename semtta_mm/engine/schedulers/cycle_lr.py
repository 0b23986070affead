"""The learning rates of CycleAdapt."""

from __future__ import annotations

import math
from typing import Any

from mmengine.optim.scheduler.lr_scheduler import LRSchedulerMixin
from mmengine.optim.scheduler.param_scheduler import _ParamScheduler

from ...registry import PARAM_SCHEDULERS


def cycleadapt_lr(
    cycle: int, base: float, total: int, warmup: int = 3, least: float = 1e-6
) -> float:
    """Learning rate of a cycle.

    A linear warm-up, then a cosine over the other cycles. The cosine's
    recursive form takes its start, ``base``, for the value of its second
    cycle: the first one is above ``base``. The last cycle has ``least``.

    Args:
        cycle: From 0 to ``total``.
        base: Of the optimizer.
        total: Number of the last cycle; CycleAdapt's is 12.
        warmup: Cycles of the warm-up.
        least: At the end.

    Returns:
        For 12 cycles and a base of 5e-5: 1.667e-5, 3.333e-5, 5e-5, 5.152e-5,
        5e-5, 4.561e-5, ... 1e-6.
    """
    if cycle < warmup:
        return base * (cycle + 1) / warmup
    length = total - warmup
    if length < 2:  # the recursion divides by 1 + cos(pi) otherwise
        return base if cycle < total else least
    angle = math.pi / length
    share = 1 + math.cos(angle * min(cycle - warmup, length))
    return least + (base - least) * share / (1 + math.cos(angle))


@PARAM_SCHEDULERS.register_module()
class CycleAdaptLR(LRSchedulerMixin, _ParamScheduler):
    """Sets :func:`cycleadapt_lr` for each epoch.

    Args:
        *args: See mmengine's ``_ParamScheduler``.
        warmup: Cycles of the warm-up.
        eta_min: Learning rate of the last cycle.
        **kwargs: See mmengine's ``_ParamScheduler``; ``end``, the number of
            epochs, is the loop's by default.
    """

    def __init__(
        self,
        *args: Any,
        warmup: int = 3,
        eta_min: float = 1e-6,
        **kwargs: Any,
    ) -> None:
        self.warmup = warmup
        self.eta_min = eta_min
        super().__init__(*args, **kwargs)

    def _get_value(self) -> list[float]:
        """Learning rate of each parameter group."""
        total = self.end - self.begin - 1
        return [
            cycleadapt_lr(
                self.last_step, base, total, self.warmup, self.eta_min
            )
            for base in self.base_values
        ]
