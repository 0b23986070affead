"""MotionCLIP's motion encoder (ECCV 2022), with its official names."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn


def position_table(positions: int, width: int) -> Tensor:
    """Sines and cosines of positions ``[positions, width]``."""
    at = torch.arange(positions)[:, None]
    rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
    table = torch.zeros(positions, width)
    table[:, 0::2] = torch.sin(at * rate)
    table[:, 1::2] = torch.cos(at * rate)
    return table


class _PositionalEncoding(nn.Module):
    """Adds sines and cosines of the position to ``[T, B, D]``."""

    pe: Tensor

    def __init__(self, width: int, positions: int, dropout: float) -> None:
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        # Persistent, because official files contain it.
        self.register_buffer('pe', position_table(positions, width)[:, None])

    def forward(self, x: Tensor) -> Tensor:
        return self.dropout(x + self.pe[: len(x)])


class MotionEncoder(nn.Module):
    """Transformer over frames; the first of two query tokens is the output.

    The second one (``sigmaQuery``) is a variance that the official model
    learns and does not use. It is kept because it affects the attention.

    Args:
        rows: Rows of a frame: 24 joints, and one of translation.
        width: Width of tokens and of the embedding; even.
        layers: Transformer layers.
        heads: Attention heads.
        feedforward: Width inside a layer.
        positions: Length of the table of positions, two more than the
            longest window.
        dropout: Rate of dropout.
    """

    def __init__(
        self,
        rows: int = 25,
        width: int = 512,
        layers: int = 8,
        heads: int = 4,
        feedforward: int = 1024,
        positions: int = 5000,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        self.muQuery = nn.Parameter(torch.randn(1, width))
        self.sigmaQuery = nn.Parameter(torch.randn(1, width))
        self.skelEmbedding = nn.Linear(rows * 6, width)
        self.sequence_pos_encoder = _PositionalEncoding(
            width, positions, dropout
        )
        layer = nn.TransformerEncoderLayer(
            width, heads, feedforward, dropout, activation='gelu'
        )
        self.seqTransEncoder = nn.TransformerEncoder(
            layer, layers, enable_nested_tensor=False
        )

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """Embed windows.

        Args:
            x: 6D rows ``[B, J, 6, T]``.
            mask: Valid frames ``[B, T]``, bool.

        Returns:
            ``[B, D]``, not normalised.
        """
        tokens = self.skelEmbedding(x.flatten(1, 2).permute(2, 0, 1))
        queries = torch.stack((self.muQuery, self.sigmaQuery))
        queries = queries.expand(-1, len(x), -1).to(tokens)
        tokens = self.sequence_pos_encoder(torch.cat((queries, tokens)))
        padding = nn.functional.pad(~mask, (2, 0), value=False)
        out = self.seqTransEncoder(tokens, src_key_padding_mask=padding)
        return out[0]
