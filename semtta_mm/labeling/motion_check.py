"""Given labels, compared with the motion of the track."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from torch import Tensor

from ..structures import PersonTrack
from .motion_labeler import MotionLabeler
from .spans import UNKNOWN_TEXT, LabelSpan


def contradicted(given: float, best: float, least: float, sure: float) -> bool:
    """Whether a motion contradicts a label.

    Args:
        given: Confidence of the label by the motion.
        best: That of the most probable label.
        least: Lower confidences of the given label contradict it ...
        sure: ... if the most probable one has at least this.
    """
    return given < least and best >= sure


def checked_spans(
    spans: Sequence[LabelSpan],
    track: PersonTrack,
    pose: Tensor,
    labeler: MotionLabeler,
    least: float,
    sources: Collection[str],
) -> list[LabelSpan]:
    """Spans whose label contradicts the motion become unknown.

    Args:
        spans: Matched with the dictionary.
        track: The track.
        pose: A motion of it ``[T, 24, 3, 3]``.
        labeler: Its threshold says when the motion is sure of a label.
        least: See :func:`contradicted`.
        sources: Spans of these sources are checked, the others kept.

    Returns:
        The spans; ``raw`` of a refused one ends with the reason.
    """
    return [
        _checked(span, track, pose, labeler, least)
        if span.source in sources and span.dictionary_entry is not None
        else span
        for span in spans
    ]


def _checked(
    span: LabelSpan,
    track: PersonTrack,
    pose: Tensor,
    labeler: MotionLabeler,
    least: float,
) -> LabelSpan:
    inside = (track.frame_ids >= span.start) & (track.frame_ids < span.end)
    if not inside.any() or span.dictionary_entry is None:
        return span
    part = track[inside]
    found = labeler.confidences(part, pose[np.flatnonzero(inside)])
    frames = np.array([s.stop - s.start for s, _ in found])
    weights = frames / frames.sum()
    confidence = sum(
        w * c for w, (_, c) in zip(weights.tolist(), found, strict=True)
    )
    assert isinstance(confidence, Tensor)
    words = labeler.words
    given = float(confidence[words.index(span.dictionary_entry)])
    best = int(confidence.argmax())
    sure = labeler.threshold
    if not contradicted(given, float(confidence[best]), least, sure):
        return span
    reason = (
        f'refused: by its motion {span.text!r} has {given:.3f}, '
        f'{words.labels[best]!r} {float(confidence[best]):.2f}'
    )
    return replace(
        span,
        text=UNKNOWN_TEXT,
        dictionary_entry=None,
        raw=reason if span.raw is None else f'{span.raw} {reason}',
    )
