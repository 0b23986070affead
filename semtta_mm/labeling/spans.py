"""Labelled spans of a track, and their entries in the motion dictionary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from ..datasets.segments import UNKNOWN
from ..models.adaptors import FrameLabels
from ..models.motion_text import MotionDictionary, TextEncoder
from ..structures import PersonTrack


@dataclass(frozen=True)
class LabelSpan:
    """One entry of ``labels.json``.

    Attributes:
        start: First frame number.
        end: Frame number after the last.
        text: The action, in any words.
        dictionary_entry: Matched label of the dictionary; None if the text
            is unknown.
        score: Cosine with that label; None if it was not computed.
        source: Kind of labeler, e.g. ``'file'``.
        raw: Whole answer of a model; None if there is none.
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
        spans: Of a labeler.
        dictionary: Labels of the motion space.
        encoder: For texts that are no labels; None matches labels only.
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
