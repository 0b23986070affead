"""The vision transformer of HMR2.0 (ViTPose's ViT), with official names."""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from ...checkpoints.weights import weights_exist
from ...registry import MODELS
from ...utils.required_files import RequiredFile
from .stem import build_stem

_EPS = 1e-6
_PADDING = 2
"""Padding of the patch embedding, px."""


class _Attention(nn.Module):
    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(dim, 3 * dim)
        self.proj = nn.Linear(dim, dim)

    def forward(self, x: Tensor) -> Tensor:
        parts = self.qkv(x).unflatten(-1, (3, self.heads, -1))
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        out = nn.functional.scaled_dot_product_attention(query, key, value)
        return self.proj(out.transpose(1, 2).flatten(2))


class _MLP(nn.Module):
    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        self.fc1 = nn.Linear(dim, hidden)
        self.fc2 = nn.Linear(hidden, dim)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc2(nn.functional.gelu(self.fc1(x)))


class ViTBlock(nn.Module):
    """Attention and MLP, each after a norm, with stochastic depth.

    Args:
        dim: Width of tokens.
        heads: Attention heads.
        hidden: Width inside the MLP.
        drop_path: Probability that a part is skipped for a sample in
            training.
    """

    def __init__(
        self, dim: int, heads: int, hidden: int, drop_path: float
    ) -> None:
        super().__init__()
        self.drop_path = drop_path
        self.norm1 = nn.LayerNorm(dim, eps=_EPS)
        self.attn = _Attention(dim, heads)
        self.norm2 = nn.LayerNorm(dim, eps=_EPS)
        self.mlp = _MLP(dim, hidden)

    def forward(self, x: Tensor) -> Tensor:
        """Tokens ``[B, N, D]``."""
        x = x + self._skip(self.attn(self.norm1(x)))
        return x + self._skip(self.mlp(self.norm2(x)))

    def _skip(self, change: Tensor) -> Tensor:
        """Stochastic depth: whole samples of a batch, while training."""
        if not self.training or self.drop_path == 0:
            return change
        keep = 1 - self.drop_path
        mask = change.new_empty(len(change), 1, 1).bernoulli_(keep)
        return change * mask / keep


class _PatchEmbed(nn.Module):
    """Patches of pixels, or cells of a stem's feature map, to tokens."""

    def __init__(self, dim: int, patch: int, channels: int | None) -> None:
        super().__init__()
        self.proj = (
            nn.Conv2d(3, dim, patch, patch, _PADDING)
            if channels is None
            else nn.Conv2d(channels, dim, 1)
        )

    def forward(self, images: Tensor) -> Tensor:
        """``[B, D, h, w]``."""
        return self.proj(images)


@MODELS.register_module()
class HMR2ViT(BaseModule):
    """Plain ViT on crops that are taller than wide.

    With the defaults this is ViT-H of HMR2.0 (Goel et al., ICCV 2023):
    256 x 192 px, 16 x 12 tokens of 1280, 32 blocks.

    Args:
        image_size: Height and width of the input, px.
        patch: Side of a patch, px.
        dim: Width of tokens D.
        depth: Blocks.
        heads: Attention heads.
        mlp_ratio: Width inside a block's MLP over D.
        drop_path: Probability that the last block is skipped for a sample in
            training; it rises linearly from 0. HMR2.0 was trained with 0.55.
            The default is 0, because adaptation must not drop whole layers
            at random.
        checkpointed: Recompute blocks in the backward pass instead of
            storing activations: slower, with a fraction of the memory.
        stem: Config of a convolutional network whose last feature map
            replaces the pixels (the hybrid of Dosovitskiy et al., ICLR 2021,
            Sec. 3.1), for small networks and little data: a plain ViT learns
            slowly from random weights. One cell is one patch. HMR2.0 has no
            stem.
        stem_channels: Channels of that map.
        stem_weights: Weights of a mesh estimator whose backbone begins with
            the stem, a shipped name or a file.
        init_cfg: mmengine's initialisation config.
    """

    required_files = (
        RequiredFile(
            'stem_weights',
            'weights of the stem',
            'a checkpoint of a mesh estimator with this stem',
            weights_exist,
        ),
    )

    def __init__(
        self,
        image_size: tuple[int, int] = (256, 192),
        patch: int = 16,
        dim: int = 1280,
        depth: int = 32,
        heads: int = 16,
        mlp_ratio: float = 4.0,
        drop_path: float = 0.0,
        checkpointed: bool = False,
        stem: dict | None = None,
        stem_channels: int | None = None,
        stem_weights: str | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.image_size = tuple(image_size)
        self.checkpointed = checkpointed
        if (stem is None) != (stem_channels is None):
            raise ValueError('stem: needs stem_channels, and vice versa')
        self.stem = None if stem is None else build_stem(stem, stem_weights)
        self.patch_embed = _PatchEmbed(dim, patch, stem_channels)
        tokens = (image_size[0] // patch) * (image_size[1] // patch)
        # The first position embedding belongs to a class token, which HMR2.0
        # removed; it is added to all others.
        self.pos_embed = nn.Parameter(torch.zeros(1, tokens + 1, dim))
        nn.init.trunc_normal_(self.pos_embed, std=0.02)
        hidden = int(dim * mlp_ratio)
        self.blocks = nn.ModuleList(
            ViTBlock(dim, heads, hidden, drop_path * i / max(depth - 1, 1))
            for i in range(depth)
        )
        self.last_norm = nn.LayerNorm(dim, eps=_EPS)

    def forward(self, images: Tensor) -> Tensor:
        """Tokens of crops.

        Args:
            images: Normalised crops ``[B, 3, H, W]``.

        Returns:
            ``[B, D, h, w]``.

        Raises:
            ValueError: If the crops have another size.
        """
        if tuple(images.shape[1:]) != (3, *self.image_size):
            raise ValueError(
                f'images: expected [B, 3, {self.image_size[0]}, '
                f'{self.image_size[1]}], got {list(images.shape)}'
            )
        if self.stem is not None:
            images = self.stem(images)[-1]
        maps = self.patch_embed(images)
        x = maps.flatten(2).mT
        x = x + self.pos_embed[:, 1:] + self.pos_embed[:, :1]
        for block in self.blocks:
            if self.checkpointed and torch.is_grad_enabled():
                x = checkpoint(block, x, use_reentrant=False)
            else:
                x = block(x)
        return self.last_norm(x).mT.unflatten(2, maps.shape[2:])
