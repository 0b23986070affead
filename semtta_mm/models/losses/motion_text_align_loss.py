"""Motion-text alignment loss (paper, Eq. 4)."""

from __future__ import annotations

import warnings

from torch import Tensor, nn

from ...registry import MODELS
from ..adaptors.loss_input import LossInput


@MODELS.register_module()
class MotionTextAlignLoss(nn.Module):
    """``1 - sim(s, p')`` over windows that have one label (Eq. 4).

    Args:
        loss_weight: ``lambda_2`` of Eq. 10; the paper's is 0.2.
        saturation: Beyond the paper: cosine above which a window has no
            loss, such as that of true motions; the paper's is 1, no limit.
        enough: Old name of ``saturation``.
    """

    def __init__(
        self,
        loss_weight: float = 0.2,
        saturation: float = 1.0,
        enough: float | None = None,
    ) -> None:
        super().__init__()
        if enough is not None:
            warnings.warn(
                'MotionTextAlignLoss: enough is now called saturation',
                FutureWarning,
                stacklevel=2,
            )
            saturation = enough
        self.loss_weight = loss_weight
        self.saturation = saturation

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss of a step; logs the mean similarity.

        Args:
            step: With the windows' cosines.

        Returns:
            Scalar, the mean over labelled windows; 0 if there is none.
        """
        similarity, labelled = step.similarity, step.batch.labelled
        if labelled.any():
            step.log['similarity'] = similarity[labelled].mean().detach()
        return self.compute(similarity, labelled)

    def compute(self, similarity: Tensor, labelled: Tensor) -> Tensor:
        """Weighted loss of tensors, for use in other models.

        Args:
            similarity: Cosine of each window with its text ``[B]``.
            labelled: Windows that have one known label ``[B]``, bool.

        Returns:
            Scalar, the mean over labelled windows; 0 if there is none.
        """
        gap = (self.saturation - similarity).masked_fill(~labelled, 0)
        if self.saturation < 1:
            gap = gap.clamp(min=0)
        return self.loss_weight * gap.sum() / labelled.sum().clamp(min=1)
