"""CLIP's text encoder, from OpenAI's, open_clip's or transformers' files."""

from __future__ import annotations

import json
from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import torch
from torch import Tensor

from ...checkpoints.layouts.clip_text import CLIP_TEXT_LAYOUTS
from ...checkpoints.state_dict import load_state
from ...checkpoints.torchscript import (
    is_torchscript,
    read_torchscript_tensors,
)
from ...checkpoints.weights import read_content
from ...registry import MODELS
from ...utils import InputError
from ...utils.required_files import RequiredFile
from .clip_network import ACTIVATIONS, CLIPTextNetwork
from .clip_tokenizer import CLIPTokenizer

_FIX = (
    "give OpenAI's ViT-B-32.pt, an open_clip file, or a folder of open_clip "
    'or transformers'
)
_OPEN_CLIP = 'open_clip_config.json'
_FILES = (
    'open_clip_model.safetensors',
    'open_clip_pytorch_model.safetensors',
    'open_clip_pytorch_model.bin',
    'model.safetensors',
    'pytorch_model.bin',
)
"""File names of weights in a folder, in order of preference."""

_BATCH = 256


@MODELS.register_module()
class CLIPText:
    """Frozen text encoder of CLIP; MotionCLIP's is that of ViT-B/32, 512-d.

    Deliberately not a torch module, see :class:`MiniLMText`.

    Args:
        weights: OpenAI's archive (its tensors are read, its code is not
            run), a file of open_clip, or a folder of open_clip or
            transformers.
        vocabulary: See :class:`CLIPTokenizer`; None uses that of the folder
            of the weights, if it has one.
        activation: ``'quick_gelu'`` or ``'gelu'``, as in the training of the
            weights; None reads it from the files, which is not possible for
            a single file of open_clip.
        device: Torch device.

    Raises:
        InputError: If a file is absent, broken, or not CLIP, or the
            activation is unknown.
        MissingDependencyError: If ``tokenizers`` is absent.
    """

    required_files = (
        RequiredFile(
            'weights',
            'CLIP ViT-B/32',
            "OpenAI's ViT-B-32.pt, or a folder of open_clip or transformers, "
            'unchanged',
        ),
        RequiredFile(
            'vocabulary',
            'vocabulary of CLIP',
            "the file bpe_simple_vocab_16e6.txt.gz of OpenAI's repository",
        ),
    )

    def __init__(
        self,
        weights: str | PathLike[str],
        vocabulary: str | PathLike[str] | None = None,
        activation: str | None = None,
        device: str | torch.device = 'cpu',
    ) -> None:
        path = Path(weights)
        file = _file_in(path)
        known = activation or _activation(path, file)
        if known not in ACTIVATIONS:
            problem = f'is {known!r}, not one of {", ".join(ACTIVATIONS)}'
            raise InputError(path, 'activation', problem, _FIX)
        self._network = _network(file, known).to(device).eval()
        self._network.requires_grad_(False)
        if vocabulary is None and path.is_dir() and _has_vocabulary(path):
            vocabulary = path
        context = len(self._network.positional_embedding)
        self._tokenizer = CLIPTokenizer(vocabulary, context)
        self.dim = self._network.text_projection.shape[1]

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
        if not texts or not all(text.strip() for text in texts):
            raise ValueError('texts: need at least one, none of them empty')
        device = self._network.positional_embedding.device
        out = [
            self._network(part.to(device), self._tokenizer.end)
            for part in self._tokenizer(texts).split(_BATCH)
        ]
        return torch.nn.functional.normalize(torch.cat(out), dim=-1).cpu()


def _file_in(path: Path) -> Path:
    """The weights file."""
    if path.is_file():
        return path
    if not path.is_dir():
        raise InputError(path, 'weights', 'does not exist', _FIX)
    found = [path / name for name in _FILES if (path / name).is_file()]
    if not found:
        problem = f'has none of {", ".join(_FILES)}'
        raise InputError(path, 'weights', problem, _FIX)
    return found[0]


def _activation(path: Path, file: Path) -> str:
    """Activation that the files give."""
    if is_torchscript(file):
        return 'quick_gelu'  # OpenAI's
    if path.is_dir() and (path / _OPEN_CLIP).is_file():
        config = _read_json(path / _OPEN_CLIP).get('model_cfg', {})
        return 'quick_gelu' if config.get('quick_gelu') else 'gelu'
    if path.is_dir() and (path / 'config.json').is_file():
        config = _read_json(path / 'config.json')
        part = config.get('text_config') or config
        return str(part.get('hidden_act', 'quick_gelu'))
    fix = "give activation='quick_gelu' (OpenAI's weights) or 'gelu'"
    raise InputError(path, 'activation', 'is not in this file', fix)


def _read_json(path: Path) -> dict:
    try:
        content = json.loads(path.read_text('utf-8'))
    except ValueError as error:
        problem = f'is not JSON ({error})'
        raise InputError(path, 'file', problem, _FIX) from error
    if not isinstance(content, dict):
        raise InputError(path, 'file', 'is not a JSON object', _FIX)
    return content


def _network(file: Path, activation: str) -> CLIPTextNetwork:
    content = (
        read_torchscript_tensors(file)
        if is_torchscript(file)
        else read_content(file)
    )
    layout = next((x for x in CLIP_TEXT_LAYOUTS if x.matches(content)), None)
    if layout is None:
        raise InputError(file, 'weights', 'is not CLIP', _FIX)
    state = layout.apply(content, file)
    state = {name: value.float() for name, value in state.items()}
    try:
        network = CLIPTextNetwork.of_state(state, activation)
    except (KeyError, ValueError, IndexError) as error:
        problem = f'is not a text transformer of CLIP ({error})'
        raise InputError(file, 'weights', problem, _FIX) from error
    load_state(network, state, file, 'weights', _FIX)
    return network


def _has_vocabulary(folder: Path) -> bool:
    names = ('tokenizer.json', 'merges.txt')
    return any((folder / name).is_file() for name in names)
