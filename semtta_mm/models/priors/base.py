"""Base of all priors: frozen losses of predicted poses and motions."""

from __future__ import annotations

from abc import abstractmethod

from torch import Tensor, nn

from ..adaptors.loss_input import LossInput


class PriorLoss(nn.Module):
    """Penalty of unlikely poses or motions (not in the paper).

    A prior is an entry of an adaptor's ``losses``. It is frozen and stays in
    eval mode.

    Args:
        loss_weight: Weight, relative to the terms of Eq. 10.
    """

    def __init__(self, loss_weight: float) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.train(False)

    @abstractmethod
    def penalty(self, pose: Tensor, valid: Tensor, rate: float) -> Tensor:
        """Unweighted loss, a scalar; see :meth:`compute`."""

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss of a step, a scalar."""
        rate = step.session.frames.track.rate
        return self.compute(step.motion, step.batch.valid, rate)

    def compute(self, pose: Tensor, valid: Tensor, rate: float) -> Tensor:
        """Weighted loss of tensors, for use in other models.

        Args:
            pose: Rotation matrices ``[B, T, 24, 3, 3]``.
            valid: Valid frames ``[B, T]``, bool; they come first.
            rate: Frames per second of ``pose``.

        Returns:
            Scalar; 0 if there is no frame.
        """
        return self.loss_weight * self.penalty(pose, valid, rate)

    def train(self, mode: bool = True) -> PriorLoss:
        """Stays in eval mode."""
        return super().train(False)
