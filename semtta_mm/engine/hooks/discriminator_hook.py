"""Training of a discriminator beside the adaptation."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...models.losses import MotionAdversarialLoss
from ...registry import HOOKS
from ...utils import InputError
from ..adaptor import adaptor_of


@HOOKS.register_module()
class DiscriminatorHook(Hook):
    """One step of a ``MotionAdversarialLoss``'s discriminator a step.

    It is restored to its first weights for each track. Its loss is logged as
    ``discriminator``.

    Args:
        loss: Name of the loss in ``model.losses``.
        lr: Learning rate of its Adam; VIBE's is 1e-4.
        weight_decay: Of its Adam; VIBE's is 1e-4.
    """

    def __init__(
        self,
        loss: str = 'adversarial',
        lr: float = 1e-4,
        weight_decay: float = 1e-4,
    ) -> None:
        self.loss = loss
        self.lr = lr
        self.weight_decay = weight_decay
        self._start: dict[str, Any] | None = None

    def before_train(self, runner: Runner) -> None:
        """Restore the discriminator for each track.

        Raises:
            InputError: If the method has no such loss.
        """
        losses = adaptor_of(runner).losses
        loss = dict(losses.items()).get(self.loss)
        if not isinstance(loss, MotionAdversarialLoss):
            problem = f'names losses.{self.loss}, no MotionAdversarialLoss'
            fix = f'write losses=dict({self.loss}=dict(type=...))'
            raise InputError('config', 'DiscriminatorHook', problem, fix)
        self.side = loss
        if self._start is None:
            self._start = deepcopy(loss.discriminator.state_dict())
        loss.discriminator.load_state_dict(self._start)
        self.optimizer = torch.optim.Adam(
            loss.discriminator.parameters(),
            lr=self.lr,
            weight_decay=self.weight_decay,
        )

    def after_train_iter(
        self,
        runner: Runner,
        batch_idx: int,
        data_batch: Any = None,
        outputs: dict[str, Any] | None = None,
    ) -> None:
        """One step, on the pieces of the network's step."""
        network = self.side.discriminator
        network.requires_grad_(True)
        loss = self.side.discriminator_loss()
        if loss is not None:
            self.optimizer.zero_grad()
            loss.backward()
            self.optimizer.step()
            runner.message_hub.update_scalar(
                'train/discriminator', loss.item()
            )
        network.requires_grad_(False)
