"""All people of a video as tracks, found on first use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

from ...registry import TASK_UTILS
from ...structures import PersonTrack
from ..base import Detector2D
from ..cache import detect_cached
from ..reader import DetectionReader
from .base import PersonDetector
from .evidence import Limits
from .find import FindOptions, Person, Stage, choose, find_people, main_first
from .search import SearchOptions


@TASK_UTILS.register_module()
class PeopleReader(DetectionReader):
    """Finds the people of a video, with a cache of everything found.

    Args:
        video: Video file or folder of images.
        detector: Config of the 2D detector. If it detects a single person
            only, nobody is searched and its person is the only one.
        folder: Folder of the cache.
        person: Identities of the wanted people; None takes all, the main
            person first.
        finder: Config of the person detector.
        search: Arguments of :class:`SearchOptions`, without the tracker.
        limits: Arguments of :class:`Limits`.
        min_seconds: People seen for less are left out.
        fps: Frames per second; None takes the video's, 30 for a folder of
            images.
        frames: Arguments of :class:`~semtta_mm.datasets.FrameSelection`;
            None takes all frames.
    """

    def __init__(
        self,
        video: str | PathLike[str],
        detector: dict,
        folder: str | PathLike[str],
        person: int | Sequence[int] | None = None,
        finder: dict | None = None,
        search: Mapping[str, Any] | None = None,
        limits: Mapping[str, float] | None = None,
        min_seconds: float = 1.0,
        fps: float | None = None,
        frames: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(video, detector, folder, fps, frames)
        finder = finder or dict(type='MoveNetPersonDetector')
        self.finder: PersonDetector = TASK_UTILS.build(finder)
        self.options = FindOptions(
            SearchOptions(**search or {}), Limits(**limits or {}), min_seconds
        )
        self.wanted = [person] if isinstance(person, int) else person

    @property
    def several(self) -> bool:
        """Whether the detector can detect several people."""
        own = type(self.detector).detect_in_boxes
        return own is not Detector2D.detect_in_boxes

    def people(self, stage: Stage | None = None) -> list[Person]:
        """All people of the video; see :func:`.find_people`.

        Raises:
            InputError: If the detector detects a single person only.
        """
        return find_people(
            self.video,
            self.detector,
            self.finder,
            self.folder,
            self.options,
            stage,
            self.fps,
            self.frames,
        )

    def chosen(self, stage: Stage | None = None) -> list[Person]:
        """The wanted people.

        Raises:
            InputError: If one of them was not found.
        """
        people = self.people(stage)
        if self.wanted is None:
            return main_first(people)
        return choose(people, self.wanted)

    def __call__(self, stage: Stage | None = None) -> list[PersonTrack]:
        """Detect, and return the tracks, possibly none.

        Args:
            stage: Called at the start of each stage with its name; returns
                the progress of the stage.

        Raises:
            InputError: If the video is invalid, its rate is unknown, or a
                wanted person was not found.
        """
        if self.several:
            return [p.track(self.video) for p in self.chosen(stage)]
        progress = stage('keypoints') if stage else None
        found = detect_cached(
            self.detector,
            self.video,
            self.folder,
            self.frames,
            progress,
            self.fps,
        )
        return [found.to_track(video=self.video)] if len(found) else []
