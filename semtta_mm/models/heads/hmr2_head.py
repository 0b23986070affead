"""HMR2.0's head: a query attends to image tokens and gives a body."""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn

from ...conventions import NUM_BETAS, NUM_JOINTS
from ...geometry import Layout, rot6d_to_matrix
from ...registry import MODELS

LAYOUT: Layout = 'columns'
"""6D of HMR2.0: the first column, then the second."""

_DIM_HEAD = 64
_XAVIER_GAIN = 0.01
"""Gain of the three last layers: training starts at the mean body."""


class _PreNorm(nn.Module):
    """A norm and the following module, with the official names."""

    def __init__(self, dim: int, fn: nn.Module) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(dim)
        self.fn = fn

    def forward(self, x: Tensor, *context: Tensor) -> Tensor:
        return self.fn(self.norm(x), *context)


class _SelfAttention(nn.Module):
    def __init__(self, dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.to_qkv = nn.Linear(dim, 3 * heads * _DIM_HEAD, bias=False)
        self.to_out = nn.Sequential(nn.Linear(heads * _DIM_HEAD, dim))

    def forward(self, x: Tensor) -> Tensor:
        query, key, value = self.to_qkv(x).chunk(3, dim=-1)
        return self.to_out(attend(query, key, value, self.heads))


class _CrossAttention(nn.Module):
    def __init__(self, dim: int, context_dim: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        inner = heads * _DIM_HEAD
        self.to_kv = nn.Linear(context_dim, 2 * inner, bias=False)
        self.to_q = nn.Linear(dim, inner, bias=False)
        self.to_out = nn.Sequential(nn.Linear(inner, dim))

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        key, value = self.to_kv(context).chunk(2, dim=-1)
        return self.to_out(attend(self.to_q(x), key, value, self.heads))


class _FeedForward(nn.Module):
    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        # The indices of official files include two dropouts of rate 0.
        self.net = nn.Sequential(
            nn.Linear(dim, hidden),
            nn.GELU(),
            nn.Identity(),
            nn.Linear(hidden, dim),
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


class _Layer(nn.ModuleList):
    """Self-attention, cross-attention and MLP; a list for official names."""

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        own, cross, mlp = self
        x = x + own(x)
        x = x + cross(x, context)
        return x + mlp(x)


class _Layers(nn.Module):
    """A sequence of layers."""

    def __init__(
        self, dim: int, context_dim: int, depth: int, heads: int, hidden: int
    ) -> None:
        super().__init__()
        self.layers = nn.ModuleList(
            _Layer(
                (
                    _PreNorm(dim, _SelfAttention(dim, heads)),
                    _PreNorm(dim, _CrossAttention(dim, context_dim, heads)),
                    _PreNorm(dim, _FeedForward(dim, hidden)),
                )
            )
            for _ in range(depth)
        )

    def forward(self, x: Tensor, context: Tensor) -> Tensor:
        for layer in self.layers:
            x = layer(x, context)
        return x


class _Decoder(nn.Module):
    def __init__(
        self, dim: int, context_dim: int, depth: int, heads: int, hidden: int
    ) -> None:
        super().__init__()
        self.to_token_embedding = nn.Linear(1, dim)
        self.pos_embedding = nn.Parameter(torch.randn(1, 1, dim))
        self.transformer = _Layers(dim, context_dim, depth, heads, hidden)

    def forward(self, context: Tensor) -> Tensor:
        # The query is 0: only biases and the position embedding contribute.
        zero = context.new_zeros(len(context), 1, 1)
        query = self.to_token_embedding(zero) + self.pos_embedding
        return self.transformer(query, context)[:, 0]


@MODELS.register_module()
class HMR2Head(BaseModule):
    """Regresses a body from image tokens, in one pass.

    State-dict names are the official ones; the defaults are HMR2.0's sizes.

    Args:
        context_dim: Width of the image tokens.
        dim: Width of the query.
        depth: Layers.
        heads: Attention heads, of 64 each.
        hidden: Width inside a layer's MLP.
        init_cfg: mmengine's initialisation config.
    """

    init_body_pose: Tensor
    init_betas: Tensor
    init_cam: Tensor

    def __init__(
        self,
        context_dim: int = 1280,
        dim: int = 1024,
        depth: int = 6,
        heads: int = 8,
        hidden: int = 1024,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.transformer = _Decoder(dim, context_dim, depth, heads, hidden)
        self.decpose = nn.Linear(dim, NUM_JOINTS * 6)
        self.decshape = nn.Linear(dim, NUM_BETAS)
        self.deccam = nn.Linear(dim, 3)
        for layer in (self.decpose, self.decshape, self.deccam):
            nn.init.xavier_uniform_(layer.weight, gain=_XAVIER_GAIN)
        self.register_buffer('init_body_pose', torch.zeros(1, NUM_JOINTS * 6))
        self.register_buffer('init_betas', torch.zeros(1, NUM_BETAS))
        self.register_buffer('init_cam', torch.zeros(1, 3))

    def forward(self, maps: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Bodies.

        Args:
            maps: Image tokens ``[B, C, h, w]``.

        Returns:
            Rotation matrices ``[B, 24, 3, 3]``, betas ``[B, 10]`` and weak
            perspective ``(s, tx, ty)`` ``[B, 3]``.
        """
        token = self.transformer(maps.flatten(2).mT)
        rot6d = self.decpose(token) + self.init_body_pose
        pose = rot6d_to_matrix(rot6d.unflatten(-1, (NUM_JOINTS, 6)), LAYOUT)
        betas = self.decshape(token) + self.init_betas
        return pose, betas, self.deccam(token) + self.init_cam


def attend(query: Tensor, key: Tensor, value: Tensor, heads: int) -> Tensor:
    """Attention ``[B, N, H * 64]`` over keys and values ``[B, M, H * 64]``."""
    parts = [x.unflatten(-1, (heads, -1)) for x in (query, key, value)]
    out = nn.functional.scaled_dot_product_attention(
        *(part.transpose(1, 2) for part in parts)
    )
    return out.transpose(1, 2).flatten(2)
