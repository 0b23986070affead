"""Text encoder of MotionPatches: DistilBERT and a projection."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path

import torch
from torch import Tensor, nn

from ...checkpoints.layouts.motion_patches import MOTION_PATCHES_TEXT
from ...checkpoints.state_dict import load_state
from ...checkpoints.weights import read_content
from ...compat.torchvision import ensure_torchvision
from ...registry import MODELS
from ...utils import extra, require
from ...utils.required_files import RequiredFile
from .distilbert import build_distilbert, read_tokenizer, tokens_of
from .patch_network import ProjectionHead

_FIX = 'give best_model.pt of MotionPatches'
_WORDS = 'text_encoder.text_model.'
_HEAD = 'text_projection.'
_NEEDED_BY = 'the text encoder of MotionPatches'


@MODELS.register_module()
class MotionPatchesText:
    """Frozen text encoder in the space of :class:`MotionPatches`.

    Deliberately not a torch module, see :class:`MiniLMText`.

    Args:
        weights: ``best_model.pt`` of the public code.
        vocabulary: Folder with ``tokenizer.json`` or ``vocab.txt`` of
            distilbert-base-uncased.
        device: Torch device.

    Raises:
        InputError: If a file is absent, broken, or of another network.
        MissingDependencyError: If transformers is absent.
    """

    required_files = (
        RequiredFile(
            'weights',
            'MotionPatches',
            "its repository's best_model.pt for HumanML3D, unchanged",
        ),
        RequiredFile(
            'vocabulary',
            'vocabulary of distilbert-base-uncased',
            'its tokenizer.json or vocab.txt',
        ),
    )

    def __init__(
        self,
        weights: str | PathLike[str],
        vocabulary: str | PathLike[str],
        device: str | torch.device = 'cpu',
    ) -> None:
        ensure_torchvision()  # transformers imports it if it is installed
        library = require('transformers', _NEEDED_BY, extra('text'))
        state = MOTION_PATCHES_TEXT.apply(read_content(weights), weights)
        words, head = _part(state, _WORDS), _part(state, _HEAD)
        self._model = build_distilbert(library, words, Path(weights), _FIX)
        self.dim = len(head['fc.bias'])
        self._head = ProjectionHead(self._model.config.dim, self.dim)
        load_state(self._head, head, weights, 'weights', _FIX)
        for part in (self._model, self._head):
            part.to(device).eval().requires_grad_(False)
        self._tokenizer = read_tokenizer(library, Path(vocabulary))

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
        ids, mask = tokens_of(self._tokenizer, texts, self._model.device)
        hidden = self._model(
            input_ids=ids, attention_mask=mask
        ).last_hidden_state
        out = self._head(hidden[:, 0])
        return nn.functional.normalize(out, dim=-1).float().cpu()


def _part(state: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {
        name.removeprefix(prefix): value
        for name, value in state.items()
        if name.startswith(prefix)
    }
