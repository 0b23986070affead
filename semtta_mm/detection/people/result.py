"""People that were tracked in a video, and their file."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ...structures import PersonBoxes
from ...utils import InputError, read_npz

SCHEMA = 'semtta_mm/people/1'
_FIX = 'delete the file, it will be written again'
_ARRAYS = (
    'people',
    'frame_ids',
    'boxes',
    'scores',
    'keypoints',
    'keypoint_scores',
)


@dataclass(frozen=True)
class TrackedPeople:
    """Detections of people with identities, one row each.

    Note:
        - detections: N

    Attributes:
        fps: Frames per second of the video.
        image_size: Width and height, px.
        searched: Numbers of the searched frames ``[S]``, rising.
        people: Identity of each detection ``[N]``, from 0.
        frame_ids: ``[N]``, rising for each person.
        boxes: ``[N, 4]`` (x1, y1, x2, y2), px.
        scores: Of the person detector ``[N]``.
        keypoints: Its COCO keypoints ``[N, 17, 2]``, px.
        keypoint_scores: ``[N, 17]``.
    """

    fps: float
    image_size: tuple[int, int]
    searched: np.ndarray
    people: np.ndarray
    frame_ids: np.ndarray
    boxes: np.ndarray
    scores: np.ndarray
    keypoints: np.ndarray
    keypoint_scores: np.ndarray

    def rows(self, person: int) -> np.ndarray:
        """Indices of one person's detections, in the order of frames."""
        return np.flatnonzero(self.people == person)

    def person_boxes(self, person: int, max_gap: float = 1.0) -> PersonBoxes:
        """Boxes of one person in all frames, those between interpolated.

        Args:
            person: Identity.
            max_gap: Seconds; a longer gap between two detections stays.

        Returns:
            The boxes; the score of an interpolated one is NaN.
        """
        rows = self.rows(person)
        frames, boxes = self.frame_ids[rows], self.boxes[rows]
        gaps = np.diff(frames)
        short = gaps <= max(max_gap * self.fps, self.step)
        ids = np.arange(frames[0], frames[-1] + 1)
        last = np.searchsorted(frames, ids, side='right') - 1
        known = frames[last] == ids
        # Frame numbers after the last detection do not occur.
        between = (
            known | short[np.minimum(last, len(gaps) - 1)]
            if len(gaps)
            else known
        )
        ids, known = ids[between], known[between]
        filled = np.stack(
            [np.interp(ids, frames, column) for column in boxes.T], axis=1
        )
        scores = np.full(len(ids), np.nan)
        scores[known] = self.scores[rows]
        return PersonBoxes(person, ids, filled, scores)

    @property
    def step(self) -> int:
        """Frames from one searched frame to the next."""
        gaps = np.diff(self.searched)
        return int(np.median(gaps)) if len(gaps) else 1


def save_people(path: Path, people: TrackedPeople, key: str) -> Path:
    """Write atomically.

    Args:
        path: File ending in ``.npz``.
        people: What to write.
        key: Fingerprint of what it was made from.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f'.{path.name}.{os.getpid()}.tmp')
    try:
        with draft.open('wb') as file:
            np.savez_compressed(file, schema=SCHEMA, key=key, **vars(people))
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def load_people(path: Path, key: str) -> TrackedPeople:
    """Read a file of :func:`save_people`.

    Raises:
        InputError: If it is truncated, or of another schema or key.
    """
    names = ('schema', 'key', 'fps', 'image_size', 'searched', *_ARRAYS)
    data = read_npz(path, _FIX, list(names))
    for field, want in (('schema', SCHEMA), ('key', key)):
        found = str(data[field])
        if found != want:
            raise InputError(path, field, f'{found!r} is not {want!r}', _FIX)
    width, height = data['image_size'].tolist()
    return TrackedPeople(
        float(data['fps']),
        (int(width), int(height)),
        data['searched'],
        **{name: data[name] for name in _ARRAYS},
    )
