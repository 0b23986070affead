"""One text for a whole track."""

from __future__ import annotations

from ..registry import TASK_UTILS
from ..structures import PersonTrack
from .spans import LabelSpan


@TASK_UTILS.register_module()
class FixedLabeler:
    """Says the same of every frame of every track.

    Args:
        text: What the person does.
    """

    def __init__(self, text: str) -> None:
        self.text = text

    def __call__(self, track: PersonTrack) -> list[LabelSpan]:
        """One span over the whole track."""
        first, last = int(track.frame_ids[0]), int(track.frame_ids[-1])
        return [LabelSpan(first, last + 1, self.text, source='fixed')]
