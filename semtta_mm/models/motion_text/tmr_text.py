"""Text encoder of TMR: frozen DistilBERT and a token encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from pathlib import Path

import torch
from torch import Tensor, nn

from ...checkpoints.layouts.tmr import TMR_TEXT
from ...checkpoints.state_dict import load_state
from ...checkpoints.weights import read_content
from ...compat.torchvision import ensure_torchvision
from ...registry import MODELS
from ...utils import InputError, extra, require
from ...utils.required_files import RequiredFile
from .actor_encoder import ActorEncoder
from .distilbert import (
    MAX_TOKENS,
    read_distilbert,
    read_tokenizer,
    tokens_of,
)

_FIX = "give text_encoder.pt of TMR, or its Lightning checkpoint 'last.ckpt'"
_NEEDED_BY = 'the text encoder of TMR'
_LAYER = 'seqTransEncoder.layers.'


@MODELS.register_module()
class TMRText:
    """Frozen text encoder in the space of :class:`TMR`.

    Deliberately not a torch module, see :class:`MiniLMText`.

    Args:
        weights: ``text_encoder.pt`` of the public code, or its Lightning
            checkpoint.
        words: Folder of distilbert-base-uncased (transformers), with
            weights and tokenizer; it is not part of TMR's checkpoints.
        heads: Attention heads of TMR's encoder.
        device: Torch device.

    Raises:
        InputError: If a file is absent, broken, or of another network.
        MissingDependencyError: If transformers is absent.
    """

    required_files = (
        RequiredFile(
            'weights',
            'TMR, text encoder',
            'last_weights/text_encoder.pt of TMR',
        ),
        RequiredFile(
            'words',
            'distilbert-base-uncased',
            'a folder in the format of transformers: weights and tokenizer',
        ),
    )

    def __init__(
        self,
        weights: str | PathLike[str],
        words: str | PathLike[str],
        heads: int = 4,
        device: str | torch.device = 'cpu',
    ) -> None:
        ensure_torchvision()  # transformers imports it if it is installed
        library = require('transformers', _NEEDED_BY, extra('text'))
        self._words = read_distilbert(library, Path(words)).to(device)
        self._tokenizer = read_tokenizer(library, Path(words))
        state = TMR_TEXT.apply(read_content(weights), weights)
        self._encoder = _encoder(state, heads, weights).to(device)
        width = self._encoder.projection.in_features
        if width != self._words.config.dim:
            problem = f'needs tokens of width {width}, {words} gives others'
            raise InputError(weights, 'weights', problem, _FIX)
        self.dim = self._encoder.projection.out_features

    @torch.no_grad()
    def encode(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors of sentences.

        Args:
            texts: Sentences, each with at least one character.

        Returns:
            ``[N, dim]``, float32, on the CPU.

        Raises:
            ValueError: If there is no text, or an empty one.
        """
        ids, mask = tokens_of(self._tokenizer, texts, self._words.device)
        hidden = self._words(
            input_ids=ids, attention_mask=mask
        ).last_hidden_state
        out = self._encoder(hidden, mask.bool())
        return nn.functional.normalize(out, dim=-1).float().cpu()


def _encoder(
    state: Mapping[str, Tensor], heads: int, source: str | PathLike[str]
) -> ActorEncoder:
    """Build and load the encoder, frozen, in eval mode."""
    dim, width = state['projection.weight'].shape
    layers = {
        name.removeprefix(_LAYER).partition('.')[0]
        for name in state
        if name.startswith(_LAYER)
    }
    inside = state.get(f'{_LAYER}0.linear1.bias', torch.empty(0))
    model = ActorEncoder(
        width, dim, len(layers), heads, len(inside), MAX_TOKENS
    )
    load_state(model, state, source, 'weights', _FIX)
    return model.eval().requires_grad_(False)
