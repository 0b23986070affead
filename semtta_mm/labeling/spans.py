"""What a person does, when; and which labels the motion space knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from ..models.adaptors import FrameLabels
from ..models.motion_text import MotionDictionary, TextEncoder
from ..structures import PersonTrack

UNKNOWN = -1


@dataclass(frozen=True)
class LabelSpan:
    """One entry of ``labels.json``.

    Attributes:
        start: First frame number.
        end: Frame number after the last.
        text: What the person does.
        dictionary_entry: Label of the dictionary it was taken for; None if
            it is unknown.
        score: Cosine with that label; None if nobody compared.
        source: Who said so, e.g. ``'file'``.
        raw: Answer of a model, word by word; None if there is none.
    """

    start: int
    end: int
    text: str
    dictionary_entry: str | None = None
    score: float | None = None
    source: str = 'file'
    raw: str | None = None


def match_spans(
    spans: Sequence[LabelSpan],
    dictionary: MotionDictionary,
    encoder: TextEncoder | None = None,
    threshold: float = 0.6,
) -> list[LabelSpan]:
    """Find each text in the dictionary.

    Args:
        spans: What was said.
        dictionary: Labels of the motion space.
        encoder: For texts that are no labels; None knows labels only.
        threshold: Least cosine of text and label.

    Returns:
        The spans with ``dictionary_entry`` and ``score``.
    """
    out = []
    for span in spans:
        match = dictionary.lookup(span.text, encoder, threshold)
        out.append(
            replace(span, dictionary_entry=match.label, score=match.score)
        )
    return out


def frame_labels(
    track: PersonTrack,
    spans: Sequence[LabelSpan],
    dictionary: MotionDictionary,
) -> FrameLabels:
    """Row of the dictionary for every frame.

    Args:
        track: The track.
        spans: From :func:`match_spans`. Where two overlap the later counts.
        dictionary: Labels of the motion space.
    """
    index = np.full(len(track), UNKNOWN)
    for span in spans:
        if span.dictionary_entry is None:
            continue
        inside = (track.frame_ids >= span.start) & (track.frame_ids < span.end)
        index[inside] = dictionary.index(span.dictionary_entry)
    texts = tuple(dict.fromkeys(span.text for span in spans))
    return FrameLabels(torch.from_numpy(index), texts)
