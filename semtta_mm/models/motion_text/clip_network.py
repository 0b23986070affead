"""CLIP's text transformer (Radford et al. 2021), with OpenAI's names."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn

_HEAD = 64
"""Width of an attention head in all of CLIP."""


class QuickGELU(nn.Module):
    """OpenAI's approximation of GELU, needed by their weights."""

    def forward(self, x: Tensor) -> Tensor:
        """Tensor of any shape."""
        return x * torch.sigmoid(1.702 * x)


ACTIVATIONS: dict[str, type[nn.Module]] = {
    'quick_gelu': QuickGELU,
    'gelu': nn.GELU,
}


class _Block(nn.Module):
    def __init__(self, width: int, activation: str) -> None:
        super().__init__()
        self.ln_1 = nn.LayerNorm(width)
        self.attn = nn.MultiheadAttention(
            width, width // _HEAD, batch_first=True
        )
        self.ln_2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential()
        self.mlp.add_module('c_fc', nn.Linear(width, 4 * width))
        self.mlp.add_module('gelu', ACTIVATIONS[activation]())
        self.mlp.add_module('c_proj', nn.Linear(4 * width, width))

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        y = self.ln_1(x)
        x = x + self.attn(y, y, y, need_weights=False, attn_mask=mask)[0]
        return x + self.mlp(self.ln_2(x))


class _Blocks(nn.Module):
    def __init__(self, width: int, layers: int, activation: str) -> None:
        super().__init__()
        self.resblocks = nn.ModuleList(
            _Block(width, activation) for _ in range(layers)
        )

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        for block in self.resblocks:
            x = block(x, mask)
        return x


class CLIPTextNetwork(nn.Module):
    """Causal transformer from tokens to a vector, that of the end token.

    Args:
        vocabulary: Number of tokens.
        context: Length of the longest row.
        width: Width of tokens; a multiple of 64.
        layers: Transformer layers.
        dim: Dimension of the output.
        activation: ``'quick_gelu'`` (OpenAI's weights) or ``'gelu'``.
    """

    def __init__(
        self,
        vocabulary: int = 49408,
        context: int = 77,
        width: int = 512,
        layers: int = 12,
        dim: int = 512,
        activation: str = 'quick_gelu',
    ) -> None:
        super().__init__()
        self.token_embedding = nn.Embedding(vocabulary, width)
        self.positional_embedding = nn.Parameter(torch.zeros(context, width))
        self.transformer = _Blocks(width, layers, activation)
        self.ln_final = nn.LayerNorm(width)
        self.text_projection = nn.Parameter(torch.zeros(width, dim))

    @classmethod
    def of_state(
        cls, state: Mapping[str, Tensor], activation: str
    ) -> CLIPTextNetwork:
        """Build a network with the sizes of a state dict, without loading it.

        Raises:
            KeyError: If an entry that gives the sizes is absent.
            ValueError: If it is not a network of CLIP.
        """
        vocabulary, width = state['token_embedding.weight'].shape
        context = len(state['positional_embedding'])
        numbers = {
            name.split('.')[2]
            for name in state
            if name.startswith('transformer.resblocks.')
        }
        if width % _HEAD or not numbers:
            raise ValueError(f'width {width}, {len(numbers)} layers')
        dim = state['text_projection'].shape[1]
        return cls(vocabulary, context, width, len(numbers), dim, activation)

    def forward(self, tokens: Tensor, end: int) -> Tensor:
        """Vectors of rows of tokens.

        Args:
            tokens: ``[N, context]``, int64.
            end: Index of the end token.

        Returns:
            ``[N, dim]``, not normalised.
        """
        x = self.token_embedding(tokens)
        x = x + self.positional_embedding[: tokens.shape[1]]
        size = tokens.shape[1]
        mask = torch.ones(size, size, dtype=torch.bool, device=x.device)
        x = self.ln_final(self.transformer(x, mask.triu(1)))
        at = (tokens == end).int().argmax(dim=1)  # the first end token
        return x[torch.arange(len(x), device=x.device), at] @ (
            self.text_projection
        )
