"""Labelled spans of a track, and their entries in the motion dictionary."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from os import PathLike
from typing import Any

import numpy as np
import torch

from ..datasets.segments import UNKNOWN
from ..models.adaptors import FrameLabels
from ..models.motion_text import MotionDictionary, TextEncoder
from ..structures import PersonTrack
from ..utils import InputError

UNKNOWN_TEXT = 'unknown'
"""Text of a span where a labeler found no action."""


@dataclass(frozen=True)
class LabelSpan:
    """One entry of ``labels.json``.

    Attributes:
        start: First frame number.
        end: Frame number after the last.
        text: The action, in any words.
        dictionary_entry: Matched label of the dictionary; None if the text
            is unknown.
        score: Confidence of the labeler, 0 to 1 (``MotionLabelHook``,
            ``VLMLabeler``); else the cosine of text and label; None if it
            was not computed.
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


LABELS_FIX = (
    'write a list of {"start": frame, "end": frame after the last, "text": '
    '"the action"}'
)
"""Advice in errors about label files."""


def parse_spans(source: str | PathLike[str], rows: Any) -> list[LabelSpan]:
    """Check the entries of ``labels.json``.

    Args:
        source: File or object that they are from, for messages.
        rows: Content of the file.

    Raises:
        InputError: If it is no list of spans, or a span is empty; names the
            entry.
    """
    if not isinstance(rows, list):
        raise InputError(source, 'file', 'is no list', LABELS_FIX)
    return [_span(source, i, row) for i, row in enumerate(rows)]


def _span(source: str | PathLike[str], number: int, row: Any) -> LabelSpan:
    field = f'[{number}]'
    if isinstance(row, LabelSpan):
        row = asdict(row)
    if not isinstance(row, Mapping):
        raise InputError(source, field, 'is no object', LABELS_FIX)
    for name, kind in (('start', int), ('end', int), ('text', str)):
        if not isinstance(row.get(name), kind):
            problem = f'is {row.get(name)!r}, no {kind.__name__}'
            raise InputError(source, f'{field}.{name}', problem, LABELS_FIX)
    if row['end'] <= row['start']:
        problem = 'is not after start'
        raise InputError(source, f'{field}.end', problem, LABELS_FIX)
    known = {item.name for item in fields(LabelSpan)}
    return LabelSpan(**{k: v for k, v in row.items() if k in known})


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
        The spans with ``dictionary_entry``, and with ``score`` where the
        labeler gave none. ``'unknown'`` is no label.
    """
    out = []
    for span in spans:
        if span.text == UNKNOWN_TEXT:
            out.append(replace(span, dictionary_entry=None))
            continue
        match = dictionary.lookup(span.text, encoder, threshold)
        score = match.score if span.score is None else span.score
        out.append(replace(span, dictionary_entry=match.label, score=score))
    return out


def joined(spans: Sequence[LabelSpan]) -> list[LabelSpan]:
    """Spans whose neighbours with the same text are one.

    Args:
        spans: In order of time. A joined span has the least score; ``raw``
            of each is a list with those of its parts.
    """
    out: list[LabelSpan] = []
    for span in spans:
        last = out[-1] if out else None
        if last is None or (last.text, last.end) != (span.text, span.start):
            out.append(replace(span, raw=f'[{span.raw}]'))
            continue
        scores = [s for s in (last.score, span.score) if s is not None]
        out[-1] = replace(
            last,
            end=span.end,
            score=min(scores, default=None),
            raw=f'{str(last.raw)[:-1]}, {span.raw}]',
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
