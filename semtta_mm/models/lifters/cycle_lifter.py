"""A small lifter of single frames: 2D keypoints and features to 3D."""

from __future__ import annotations

from os import PathLike

import torch
from torch import Tensor, nn

from ...checkpoints.weights import load_weights
from ...registry import MODELS


@MODELS.register_module()
class CycleLifter(nn.Module):
    """The self-supervised head of ISO.

    Coordinates are those of the crop, -1 to 1, with the depth in the same
    unit and its mean 0; the projection is orthographic.

    Note:
        - frames: B; keypoints: K; shared features: D

    Args:
        keypoints: K.
        features: D.
        hidden: Width of the layers.
        weights: A file; None keeps the initial weights.
    """

    def __init__(
        self,
        keypoints: int,
        features: int,
        hidden: int = 256,
        weights: str | PathLike[str] | None = None,
    ) -> None:
        super().__init__()
        self.keypoints = keypoints
        self.read_points = nn.Linear(3 * keypoints, hidden)
        self.read_features = nn.Linear(features, hidden)
        self.layers = nn.Sequential(
            nn.LayerNorm(hidden),
            nn.GELU(),
            nn.Linear(hidden, hidden),
            nn.GELU(),
            nn.Linear(hidden, 3 * keypoints),
        )
        if weights is not None:
            load_weights(self, weights)

    def forward(self, points: Tensor, seen: Tensor, shared: Tensor) -> Tensor:
        """Lift frames.

        Args:
            points: ``[B, K, 2]``; ignored where they are not seen.
            seen: ``[B, K]``, 0 where missing, else 1.
            shared: Features ``[B, D]``.

        Returns:
            ``[B, K, 3]``.
        """
        known = points.masked_fill(seen[..., None] == 0, 0)
        given = torch.cat([known, seen[..., None]], dim=-1).flatten(1)
        hidden = self.read_points(given) + self.read_features(shared)
        lifted: Tensor = self.layers(hidden).view(-1, self.keypoints, 3)
        depth = lifted[..., 2:] - lifted[..., 2:].mean(dim=1, keepdim=True)
        return torch.cat([lifted[..., :2], depth], dim=-1)
