"""2D reprojection loss (paper, Eq. 5)."""

from __future__ import annotations

from typing import Literal

from torch import Tensor, nn

from ...geometry import image_to_crop
from ...registry import MODELS
from ..adaptors.loss_input import LossInput

Reduction = Literal['mean', 'sum', 'visible']


def keypoint_2d_l1(
    prediction: Tensor,
    target: Tensor,
    weight: Tensor,
    reduction: Reduction = 'mean',
    tolerance: float = 0.0,
) -> Tensor:
    """Weighted L1 distance of keypoints, px of the crop.

    Args:
        prediction: ``[B, K, 2]``.
        target: ``[B, K, 2]``; ignored where the weight is 0, even if NaN.
        weight: ``[B, K]``, 0 where missing.
        reduction: ``'mean'`` over all ``B * K * 2`` entries, missing ones
            counted as 0 (the lineage's code); ``'sum'`` over keypoints, mean
            over frames (the paper's formula); ``'visible'``: mean over
            visible entries.
        tolerance: Part of each distance without a loss, px.

    Returns:
        Scalar; exactly 0, with zero gradients, if nothing is visible.
    """
    missing = (weight == 0)[..., None]
    # Where both are masked, a NaN target cannot reach the gradient.
    distance = (prediction - target.masked_fill(missing, 0)).abs()
    distance = (distance - tolerance).clamp(min=0)
    total = (weight[..., None] * distance).masked_fill(missing, 0).sum()
    if reduction == 'sum':
        return total / len(prediction)
    if reduction == 'visible':
        return total / (2 * weight.sum()).clamp(min=1e-9)
    return total / prediction.numel()


@MODELS.register_module()
class Keypoint2DLoss(nn.Module):
    """L1 between projected keypoints and the pose bank (Eq. 5).

    Args:
        loss_weight: ``lambda_1`` of Eq. 10; the paper's is 0.1.
        reduction: See :func:`keypoint_2d_l1`.
        crop_size: Side of the crop in whose pixels the loss is stated; 224
            as in the lineage, whatever the network's own size, so that
            weights carry over.
        tolerance: Beyond the paper (0): distance without a loss, px of the
            crop. A detector's joints and a body model's joints differ; the
            network must not learn the difference.
    """

    def __init__(
        self,
        loss_weight: float = 0.1,
        reduction: Reduction = 'mean',
        crop_size: int = 224,
        tolerance: float = 0.0,
    ) -> None:
        super().__init__()
        if reduction not in ('mean', 'sum', 'visible'):
            raise ValueError(f"reduction: unknown {reduction!r}; use 'mean'")
        self.loss_weight = loss_weight
        self.reduction: Reduction = reduction
        self.crop_size = crop_size
        self.tolerance = tolerance

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss of a step.

        Args:
            step: Every frame counts once for each of its windows.

        Returns:
            Scalar; 0 if nothing is visible.
        """
        batch = step.batch
        return self.compute(
            batch.spread(step.joints2d),
            batch.spread(batch.keypoints),
            batch.spread(batch.weight),
            batch.spread(batch.boxes),
        )

    def compute(
        self, prediction: Tensor, target: Tensor, weight: Tensor, boxes: Tensor
    ) -> Tensor:
        """Weighted loss of tensors, for use in other models.

        Args:
            prediction: ``[B, K, 2]``, px of the original image.
            target: ``[B, K, 2]``, px of the original image.
            weight: ``[B, K]``, 0 where missing.
            boxes: Square crop boxes ``[B, 4]``, px.

        Returns:
            Scalar; 0 if nothing is visible.
        """
        loss = keypoint_2d_l1(
            image_to_crop(prediction, boxes, self.crop_size),
            image_to_crop(target, boxes, self.crop_size),
            weight,
            self.reduction,
            self.tolerance,
        )
        return self.loss_weight * loss
