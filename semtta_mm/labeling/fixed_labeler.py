"""One text for a whole track."""

from __future__ import annotations

from ..registry import TASK_UTILS
from ..structures import PersonTrack
from .base import BaseLabeler
from .spans import LabelSpan


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
