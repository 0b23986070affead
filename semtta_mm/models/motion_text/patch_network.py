"""The networks of MotionPatches, with the names of its public code."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..backbones.hmr2_vit import ViTBlock
from .joint_patches import WIDTH

ROWS = 224
"""Frames of an image; unused rows are zero."""


class _Patches(nn.Module):
    def __init__(self, dim: int) -> None:
        super().__init__()
        self.proj = nn.Conv2d(3, dim, WIDTH, WIDTH)

    def forward(self, x: Tensor) -> Tensor:
        return self.proj(x).flatten(2).mT


class _ViT(nn.Module):
    """timm's vision transformer with mean pooling, with its names."""

    def __init__(self, dim: int, depth: int, heads: int) -> None:
        super().__init__()
        count = ROWS // WIDTH * 5
        self.cls_token = nn.Parameter(torch.zeros(1, 1, dim))
        self.pos_embed = nn.Parameter(torch.zeros(1, count + 1, dim))
        self.patch_embed = _Patches(dim)
        self.blocks = nn.Sequential(
            *(ViTBlock(dim, heads, 4 * dim, 0.0) for _ in range(depth))
        )
        self.fc_norm = nn.LayerNorm(dim, eps=1e-6)

    def forward(self, x: Tensor) -> Tensor:
        first = self.cls_token.expand(len(x), -1, -1)
        x = torch.cat((first, self.patch_embed(x)), dim=1) + self.pos_embed
        return self.fc_norm(self.blocks(x)[:, 1:].mean(1))


class PatchEncoder(nn.Module):
    """The motion encoder, nested in ``model`` as in the public code.

    Args:
        dim: Width of tokens.
        depth: Blocks.
        heads: Attention heads.
    """

    def __init__(self, dim: int, depth: int, heads: int) -> None:
        super().__init__()
        self.model = _ViT(dim, depth, heads)

    def forward(self, x: Tensor) -> Tensor:
        """Images ``[B, 3, 224, 80]`` to ``[B, dim]``."""
        return self.model(x)


class ProjectionHead(nn.Module):
    """Projection into the common space.

    Args:
        width: Input dimension.
        dim: Output dimension.
    """

    def __init__(self, width: int, dim: int) -> None:
        super().__init__()
        self.projection = nn.Linear(width, dim)
        self.fc = nn.Linear(dim, dim)
        self.layer_norm = nn.LayerNorm(dim)

    def forward(self, x: Tensor) -> Tensor:
        """``[B, width]`` to ``[B, dim]``."""
        x = self.projection(x)
        return self.layer_norm(x + self.fc(nn.functional.gelu(x)))
