"""Checkpoints of tensors and plain data, which torch reads safely."""

from typing import Any

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...registry import HOOKS


@HOOKS.register_module()
class PlainCheckpointHook(Hook):
    """Leaves mmengine's log buffers out of the checkpoints it writes.

    mmengine 0.10.7 stores objects of its own beside the weights, and torch
    since 2.6 refuses to read those (``weights_only``), so that a Runner
    cannot resume from its own file. Without them it can. Only the smoothing
    window of the printed losses is lost on resuming.
    """

    priority = 'VERY_LOW'

    def before_save_checkpoint(
        self, runner: Runner, checkpoint: dict[str, Any]
    ) -> None:
        """Empty the message hub's entry; mmengine still expects its keys."""
        checkpoint['message_hub'] = {
            'log_scalars': {},
            'runtime_info': {},
            'resumed_keys': {},
        }
