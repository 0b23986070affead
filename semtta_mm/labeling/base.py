"""The interface of labelers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from typing import ClassVar

from ..structures import PersonTrack
from .spans import LabelSpan


class BaseLabeler(ABC):
    """Gives the actions of a person over time.

    Sub-classes are registered in :data:`semtta_mm.registry.TASK_UTILS`.

    Attributes:
        any_track: Whether it can label any track. False if its labels belong
            to given tracks: then a config's labeler is not used for a video
            that the user gives.
    """

    any_track: ClassVar[bool] = True

    @abstractmethod
    def __call__(self, track: PersonTrack) -> list[LabelSpan]:
        """Actions of one track.

        Args:
            track: The track.

        Returns:
            Spans of frame numbers with free texts; where two overlap the
            later counts.
        """

    def check(self, names: Sequence[str]) -> None:  # noqa: B027 (optional)
        """Check that labels exist, before the first track starts.

        Args:
            names: Of the tracks.

        Raises:
            InputError: If labels of a track are missing.
        """


def check_labels(
    labeler: Callable[[PersonTrack], list[LabelSpan]], names: Sequence[str]
) -> None:
    """Call :meth:`BaseLabeler.check` if the labeler has it.

    Args:
        labeler: Any callable that gives spans.
        names: Of the tracks.

    Raises:
        InputError: If labels of a track are missing.
    """
    check = getattr(labeler, 'check', None)
    if check is not None:
        check(names)
