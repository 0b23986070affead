"""DistilBERT in files of transformers, whose names are kept."""

from __future__ import annotations

from .layout import CheckpointLayout


def _rename(name: str) -> str | None:
    if name == 'embeddings.position_ids':
        return None  # 0, 1, 2 ...; stored by some versions
    if name.startswith(('embeddings.', 'transformer.layer.')):
        return name
    raise KeyError(name)


DISTILBERT = CheckpointLayout(
    'distilbert',
    marks=('embeddings.word_embeddings.weight',),
    prefixes=('distilbert.', ''),
    rename=_rename,
    # The head that predicts masked words.
    foreign=('vocab_transform.', 'vocab_layer_norm.', 'vocab_projector.'),
)
"""``distilbert-base-uncased``: ``DistilBertForMaskedLM`` or the bare model."""
