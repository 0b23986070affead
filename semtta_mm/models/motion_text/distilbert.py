"""DistilBERT for motion-text models: sizes, tokenizer and files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ...checkpoints.layouts.distilbert import DISTILBERT
from ...checkpoints.state_dict import load_state
from ...checkpoints.weights import read_content
from ...utils import InputError

MAX_TOKENS = 512

_FILES = ('model.safetensors', 'pytorch_model.bin')
_FIX = 'give the folder of distilbert-base-uncased'


def build_distilbert(
    library: Any, state: Mapping[str, Tensor], source: Path, fix: str = _FIX
) -> Any:
    """Build and load DistilBERT, frozen, in eval mode.

    Args:
        library: transformers.
        state: State dict with transformers' names, without prefix.
        source: Source of the state dict, for messages.
        fix: What the user can do, for messages.

    Raises:
        InputError: If it is not a complete DistilBERT.
    """
    try:
        model = library.DistilBertModel(_config(library, state))
    except (KeyError, ValueError, IndexError) as error:
        problem = f'is not DistilBERT ({error})'
        raise InputError(source, 'weights', problem, fix) from error
    load_state(model, state, source, 'weights', fix)
    return model.eval().requires_grad_(False)


def read_distilbert(library: Any, folder: Path) -> Any:
    """Read DistilBERT from a folder; see :func:`build_distilbert`.

    Raises:
        InputError: If a file is absent, broken or of another network.
    """
    found = [folder / name for name in _FILES if (folder / name).is_file()]
    if not found:
        problem = f'has none of {", ".join(_FILES)}'
        raise InputError(folder, 'weights', problem, _FIX)
    state = DISTILBERT.apply(read_content(found[0]), found[0])
    return build_distilbert(library, state, found[0])


def read_tokenizer(library: Any, folder: Path) -> Any:
    """The tokenizer of a folder.

    Args:
        library: transformers.
        folder: Folder with ``tokenizer.json`` or ``vocab.txt``.

    Raises:
        InputError: If both are absent, or the file is broken.
    """
    fix = 'give a folder with tokenizer.json or vocab.txt'
    whole, words = folder / 'tokenizer.json', folder / 'vocab.txt'
    try:
        if whole.is_file():
            return library.PreTrainedTokenizerFast(
                tokenizer_file=str(whole), pad_token='[PAD]'
            )
        if words.is_file():
            return library.BertTokenizerFast(
                str(words), do_lower_case=True, pad_token='[PAD]'
            )
    except Exception as error:  # the library raises no other class
        problem = f'cannot be read ({error})'
        raise InputError(folder, 'vocabulary', problem, fix) from error
    raise InputError(folder, 'vocabulary', 'is absent', fix)


def tokens_of(
    tokenizer: Any, texts: Sequence[str], device: torch.device
) -> tuple[Tensor, Tensor]:
    """Token ids of sentences, and their mask.

    Args:
        tokenizer: See :func:`read_tokenizer`.
        texts: Sentences, each with at least one character.
        device: Device of the result.

    Returns:
        Token ids and mask, both ``[N, L]``, int64.

    Raises:
        ValueError: If there is no text, or an empty one.
    """
    if not texts or not all(text.strip() for text in texts):
        raise ValueError('texts: need at least one, none of them empty')
    found = tokenizer(
        list(texts),
        padding=True,
        truncation=True,
        max_length=MAX_TOKENS,
        return_tensors='pt',
    ).to(device)
    return found['input_ids'], found['attention_mask']


def _config(library: Any, state: Mapping[str, Tensor]) -> Any:
    """Sizes from the weights; heads of 64, as in all of DistilBERT."""
    size, dim = state['embeddings.word_embeddings.weight'].shape
    layers = {
        name.split('.')[2]
        for name in state
        if name.startswith('transformer.layer.')
    }
    return library.DistilBertConfig(
        vocab_size=size,
        dim=dim,
        n_layers=len(layers),
        n_heads=max(dim // 64, 1),
        hidden_dim=len(state['transformer.layer.0.ffn.lin1.bias']),
        max_position_embeddings=len(
            state['embeddings.position_embeddings.weight']
        ),
    )
