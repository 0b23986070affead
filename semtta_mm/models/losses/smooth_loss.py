"""Smoothing loss against the denoiser's motion (paper, Eq. 9)."""

from __future__ import annotations

from torch import Tensor, nn

from ...registry import MODELS
from ..adaptors.loss_input import LossInput


def masked_l1(prediction: Tensor, target: Tensor, valid: Tensor) -> Tensor:
    """Mean absolute difference, invalid frames counted as 0.

    Args:
        prediction: ``[B, ...]``.
        target: ``[B, ...]``, the same shape.
        valid: ``[B]``, bool.

    Returns:
        Scalar; exactly 0 if no frame is valid.
    """
    shape = (-1, *[1] * (prediction.dim() - 1))
    distance = (prediction - target).abs()
    return distance.masked_fill(~valid.reshape(shape), 0).mean()


@MODELS.register_module()
class SmoothLoss(nn.Module):
    """L1 to the denoised pose and to the window-averaged shape (Eq. 9).

    The paper's text has the two bars swapped: in the method it builds on,
    the denoiser gives the pose and the sliding window the shape, as here.

    Args:
        loss_weight: Weight of both terms in Eq. 10; the paper's is 1.
        pose_weight: Weight of the pose term.
        betas_weight: Weight of the shape term; the lineage's code has 0.001,
            the paper states none.
    """

    def __init__(
        self,
        loss_weight: float = 1.0,
        pose_weight: float = 1.0,
        betas_weight: float = 0.001,
    ) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.pose_weight = pose_weight
        self.betas_weight = betas_weight

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss of a step.

        Args:
            step: Every frame counts once for each of its windows.

        Returns:
            Scalar; 0 if no frame has a target, as in the first epoch.
        """
        batch, params = step.batch, step.prediction.params
        return self.compute(
            batch.spread(params.pose),
            batch.spread(params.betas),
            batch.spread(batch.target_pose),
            batch.spread(batch.target_betas),
            batch.spread(batch.target_valid),
        )

    def compute(
        self,
        pose: Tensor,
        betas: Tensor,
        target_pose: Tensor,
        target_betas: Tensor,
        valid: Tensor,
    ) -> Tensor:
        """Weighted loss of tensors, for use in other models.

        Args:
            pose: Rotation matrices ``[B, 24, 3, 3]``.
            betas: ``[B, 10]``.
            target_pose: Denoised rotation matrices ``[B, 24, 3, 3]``.
            target_betas: Window-averaged shapes ``[B, 10]``.
            valid: Frames that have a target ``[B]``, bool.

        Returns:
            Scalar; 0 if no frame has a target.
        """
        of_pose = masked_l1(pose, target_pose, valid)
        of_betas = masked_l1(betas, target_betas, valid)
        total = self.pose_weight * of_pose + self.betas_weight * of_betas
        return self.loss_weight * total
