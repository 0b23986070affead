"""What all priors share: frozen, over windows, 0 over nothing."""

from __future__ import annotations

from abc import abstractmethod

from torch import Tensor, nn


class PriorLoss(nn.Module):
    """How unlikely predicted poses or motions are. Beyond the paper.

    A prior is frozen and stays in eval mode; it has no part in the state of
    what adapts.

    Args:
        loss_weight: Weight beside the terms of Eq. 10.
    """

    def __init__(self, loss_weight: float) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.train(False)

    @abstractmethod
    def penalty(self, pose: Tensor, valid: Tensor, rate: float) -> Tensor:
        """Unweighted loss, a scalar; see :meth:`forward`."""

    def forward(self, pose: Tensor, valid: Tensor, rate: float) -> Tensor:
        """Weighted loss.

        Args:
            pose: Rotation matrices ``[B, T, 24, 3, 3]``.
            valid: Frames that are there ``[B, T]``, bool; the first ones.
            rate: Frames per second of ``pose``.

        Returns:
            Scalar; 0 if there is nothing to judge.
        """
        return self.loss_weight * self.penalty(pose, valid, rate)

    def train(self, mode: bool = True) -> PriorLoss:
        """Stays in eval mode."""
        return super().train(False)
