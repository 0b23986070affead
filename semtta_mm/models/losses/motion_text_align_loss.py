"""Motion-text alignment (paper, Eq. 3-4)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ...registry import MODELS


def with_root(pose: Tensor, root: Tensor) -> Tensor:
    """Replace the global rotation by the exemplar's (Sec. 4.1).

    Only local rotations are to be pulled towards the text; how the body
    stands to the camera is the image's matter.

    Args:
        pose: Rotation matrices ``[B, T, 24, 3, 3]``.
        root: The exemplars' global rotations ``[B, T, 3, 3]``.

    Returns:
        ``[B, T, 24, 3, 3]``; no gradient flows into joint 0.
    """
    return torch.cat([root[:, :, None].to(pose), pose[:, :, 1:]], dim=2)


def motion_text_similarity(motion: Tensor, text: Tensor) -> Tensor:
    """Cosine of embeddings ``[B, D]`` (Eq. 3), ``[B]``."""
    return torch.cosine_similarity(motion, text, dim=-1)


@MODELS.register_module()
class MotionTextAlignLoss(nn.Module):
    """``1 - sim(s, p')`` over windows that have one label (Eq. 4).

    Args:
        loss_weight: ``lambda_2`` of Eq. 10; the paper's is 0.2.
        enough: Beyond the paper: cosine above which nothing pulls any more,
            such as that of true motions; 1 pulls on, as the paper does.
    """

    def __init__(self, loss_weight: float = 0.2, enough: float = 1.0) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.enough = enough

    def forward(self, similarity: Tensor, labelled: Tensor) -> Tensor:
        """Weighted loss.

        Args:
            similarity: Cosine of each window with its text ``[B]``.
            labelled: Windows that have one known label ``[B]``, bool.

        Returns:
            Scalar, the mean over labelled windows; 0 if there is none.
        """
        gap = (self.enough - similarity).masked_fill(~labelled, 0)
        if self.enough < 1:
            gap = gap.clamp(min=0)
        return self.loss_weight * gap.sum() / labelled.sum().clamp(min=1)
