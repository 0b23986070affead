"""People of a video with their keypoints."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from mmengine.logging import print_log

from ...structures import PersonBoxes, PersonTrack
from ...utils import InputError
from ..base import Detector2D, Progress
from ..cache import cache_key, detect_cached, load_result, save_result
from ..frames import checked_slice
from ..result import DetectionResult
from .base import PersonDetector
from .evidence import Evidence, Limits, measure, why_no_person
from .result import TrackedPeople
from .search import SearchOptions, search_cached
from .tiles import overlaps

COVERED = 0.8
"""Share of a person's frames that a detector of one person must find."""
SAME_PLACE = 0.2
"""Intersection over union of boxes that can be of one person."""

Stage = Callable[[str], Progress]
"""Makes the progress of a stage, given its name."""


@dataclass(frozen=True)
class Person:
    """A person of a video.

    Attributes:
        id: From 0 in the order of appearance; in the same frame, the taller
            person first.
        boxes: Where the person is.
        poses: Keypoints, possibly in fewer frames.
        evidence: Why it is one.
    """

    id: int
    boxes: PersonBoxes
    poses: DetectionResult
    evidence: Evidence

    @property
    def height(self) -> float:
        """Mean height of the boxes, px."""
        return float((self.boxes.boxes[:, 3] - self.boxes.boxes[:, 1]).mean())

    def track(self, video: Path) -> PersonTrack:
        """The track ``{stem of the video}_p{id}``."""
        name = f'{Path(self.poses.source).stem}_p{self.id}'
        return self.poses.to_track(name, video)


@dataclass(frozen=True)
class FindOptions:
    """How people are found.

    Attributes:
        search: Of the video.
        limits: Of a person.
        min_seconds: People seen for less are left out; in a short video,
            for less than half of it.
    """

    search: SearchOptions = SearchOptions()
    limits: Limits = Limits()
    min_seconds: float = 1.0


def find_people(
    video: Path,
    detector: Detector2D,
    finder: PersonDetector,
    folder: Path,
    options: FindOptions | None = None,
    stage: Stage | None = None,
    fps: float | None = None,
    frames: slice | None = None,
) -> list[Person]:
    """Find, follow and check all people of a video.

    A video of one person is given to the detector as a whole, as if nobody
    had searched it; frames in which it finds something else are left out.

    Args:
        video: Video file or folder of images.
        detector: Detects keypoints.
        finder: Finds people in an image.
        folder: Folder of the cache.
        options: How.
        stage: Called at the start of each stage.
        fps: Frames per second; None takes the video's.
        frames: Frames to process, as a slice of the video; None is all.

    Returns:
        The people in the order of appearance; possibly nobody.

    Raises:
        InputError: If the video is missing or unreadable, or its rate is
            unknown.
    """
    options = options or FindOptions()
    detector.settings()  # a missing file is an error before the search
    progress = stage('people') if stage else None
    tracked = search_cached(
        video, finder, folder, options.search, progress, fps, frames
    )
    candidates = _long_enough(tracked, options, checked_slice(frames))
    progress = stage('keypoints') if stage and candidates else None
    poses = detect_people_cached(
        detector, video, candidates, folder, progress, fps
    )
    people: list[Person] = []
    for boxes, found in zip(candidates, poses, strict=True):
        evidence = measure(tracked, boxes.person, found)
        problem = why_no_person(evidence, options.limits)
        if problem is None and len(found):
            boxes = replace(boxes, person=len(people))
            people.append(Person(len(people), boxes, found, evidence))
            continue
        first, last = boxes.frame_ids[[0, -1]].tolist()
        problem = problem or 'it has no keypoints'
        _log(f'no person in the frames {first} to {last}: {problem}')
    if len(people) == 1:
        (one,) = people
        progress = stage('keypoints of one person') if stage else None
        whole = detect_cached(detector, video, folder, frames, progress, fps)
        people = [replace(one, poses=_within(whole, one.boxes) or one.poses)]
    return people


def main_first(people: Sequence[Person]) -> list[Person]:
    """The people in the order of their frames times their height."""
    return sorted(people, key=lambda p: -len(p.poses) * p.height)


def choose(people: Sequence[Person], ids: Sequence[int]) -> list[Person]:
    """Some of the people, in the given order.

    Raises:
        InputError: If there is no such person.
    """
    known = {person.id: person for person in people}
    for wanted in ids:
        if wanted not in known:
            fix = f'choose from {", ".join(map(str, known)) or "nobody"}'
            raise InputError('person', str(wanted), 'was not found', fix)
    return [known[wanted] for wanted in dict.fromkeys(ids)]


def detect_people_cached(
    detector: Detector2D,
    video: Path,
    people: Sequence[PersonBoxes],
    folder: Path,
    progress: Progress | None = None,
    fps: float | None = None,
) -> list[DetectionResult]:
    """:meth:`Detector2D.detect_in_boxes`, with a file for each person.

    Args:
        detector: Run once for all people who have no file.
        video: Video file or folder of images.
        people: Boxes of each person.
        folder: Folder of the cache, with files ``{video}_{key}.npz``; the
            key depends on the boxes too.
        progress: Of the detector.
        fps: Frames per second; None takes the video's.

    Returns:
        The detections, in the order of ``people``.
    """
    if not people:
        return []
    base = cache_key(video, detector.settings(), fps=fps)
    keys = [_boxes_key(base, boxes) for boxes in people]
    paths = [folder / f'{video.stem}_{key[:16]}.npz' for key in keys]
    missing = [i for i, path in enumerate(paths) if not path.is_file()]
    if missing:
        found = detector.detect_in_boxes(
            video, [people[i] for i in missing], progress, fps
        )
        for i, result in zip(missing, found, strict=True):
            save_result(paths[i], result, keys[i])
    return [load_result(p, k) for p, k in zip(paths, keys, strict=True)]


def _boxes_key(base: str, boxes: PersonBoxes) -> str:
    digest = hashlib.sha256(base.encode())
    for values in (boxes.frame_ids, boxes.boxes):
        digest.update(np.asarray(values, np.float64).tobytes())
    return digest.hexdigest()


def _long_enough(
    tracked: TrackedPeople, options: FindOptions, wanted: range
) -> list[PersonBoxes]:
    """Boxes, in the wanted frames, of those who are seen long enough."""
    length = int(tracked.searched[-1] - tracked.searched[0]) + 1
    fewest = min(options.min_seconds * tracked.fps, length / 2)
    boxes = [
        tracked.person_boxes(person, options.search.tracker.max_gap)
        for person in np.unique(tracked.people).tolist()
    ]
    kept = [b for b in boxes if len(b) >= fewest]
    if len(kept) < len(boxes):
        _log(
            f'{len(boxes) - len(kept)} detections of less than '
            f'{fewest / tracked.fps:.1f} s are left out'
        )
    return [_in_range(b, wanted) for b in kept]


def _in_range(boxes: PersonBoxes, wanted: range) -> PersonBoxes:
    rows = np.array([int(frame) in wanted for frame in boxes.frame_ids])
    return PersonBoxes(
        boxes.person,
        boxes.frame_ids[rows],
        boxes.boxes[rows],
        boxes.scores[rows],
    )


def _within(
    found: DetectionResult, boxes: PersonBoxes
) -> DetectionResult | None:
    """Detections that are in a person's boxes; None if they are too few."""
    _, rows, others = np.intersect1d(
        found.frame_ids, boxes.frame_ids, return_indices=True
    )
    pairs = zip(found.boxes[rows], boxes.boxes[others], strict=True)
    same = [overlaps(a[None], b[None])[0, 0] >= SAME_PLACE for a, b in pairs]
    rows = rows[np.array(same, bool)]
    if len(rows) < COVERED * len(boxes):
        return None
    names = ('frame_ids', 'keypoints', 'scores', 'boxes')
    values: Mapping[str, Any] = {n: getattr(found, n)[rows] for n in names}
    world = None if found.world is None else found.world[rows]
    return replace(found, world=world, **values)


def _log(text: str) -> None:
    print_log(text, logger='current')
