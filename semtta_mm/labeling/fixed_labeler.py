"""Labels that are given in the config."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ..registry import TASK_UTILS
from ..structures import PersonTrack
from .base import BaseLabeler
from .spans import LabelSpan, parse_spans


@TASK_UTILS.register_module()
class FixedLabeler(BaseLabeler):
    """The same text for every frame of every track.

    Args:
        text: The action.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, track: PersonTrack) -> list[LabelSpan]:
        """One span over the whole track."""
        first, last = int(track.frame_ids[0]), int(track.frame_ids[-1])
        return [LabelSpan(first, last + 1, self.text, source='fixed')]


@TASK_UTILS.register_module()
class SpanLabeler(BaseLabeler):
    """The same spans for every track.

    Args:
        spans: Entries of ``labels.json``: ``start``, ``end`` (frame numbers,
            end exclusive) and ``text``.

    Raises:
        InputError: If an entry is no such span.
    """

    def __init__(self, spans: Sequence[Mapping[str, Any]]) -> None:
        self.spans = parse_spans('labels', list(spans))

    def __call__(self, track: PersonTrack) -> list[LabelSpan]:
        """The spans."""
        return list(self.spans)
