"""TMR's encoder of sequences, with the names of its public code."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .encoder import position_table


class ActorEncoder(nn.Module):
    """Transformer over a sequence; the first of two tokens is the output.

    The second one is the variance of TMR's latent distribution. It is kept
    because it affects the attention.

    Args:
        features: Features of a step of the sequence.
        dim: Width of tokens and of the output; even.
        layers: Transformer layers.
        heads: Attention heads.
        feedforward: Width inside a layer.
        longest: Steps of the longest sequence.
    """

    positions: Tensor

    def __init__(
        self,
        features: int,
        dim: int = 256,
        layers: int = 6,
        heads: int = 4,
        feedforward: int = 1024,
        longest: int = 512,
    ) -> None:
        super().__init__()
        self.projection = nn.Linear(features, dim)
        self.tokens = nn.Parameter(torch.randn(2, dim))
        layer = nn.TransformerEncoderLayer(
            dim, heads, feedforward, activation='gelu', batch_first=True
        )
        self.seqTransEncoder = nn.TransformerEncoder(
            layer, layers, enable_nested_tensor=False
        )
        table = position_table(longest + 2, dim)
        self.register_buffer('positions', table, persistent=False)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Embed sequences.

        Args:
            x: ``[B, T, features]``.
            mask: Valid steps ``[B, T]``, bool.

        Returns:
            ``[B, dim]``, not normalised.
        """
        first = self.tokens.expand(len(x), -1, -1)
        x = torch.cat((first, self.projection(x)), dim=1)
        x = x + self.positions[: x.shape[1]]
        absent = nn.functional.pad(~mask, (2, 0), value=False)
        return self.seqTransEncoder(x, src_key_padding_mask=absent)[:, 0]
