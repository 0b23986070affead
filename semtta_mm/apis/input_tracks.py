"""From a user's input, a video or keypoints, to person tracks."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from mmengine.logging import print_log
from numpy.typing import NDArray

from ..datasets.boxes import (
    is_box,
)
from ..datasets.frame_selection import FrameSelection
from ..datasets.readers.guess import guess_reader
from ..datasets.track_dataset import read_tracks
from ..datasets.video import video_info, video_notes
from ..detection import PeopleReader
from ..detection.frames import IMAGE_RATE, rate_note
from ..detection.people.find import detect_people_cached
from ..structures import PersonBoxes, PersonTrack
from ..utils import InputError
from ..utils.package_data import cache_dir
from .given_keypoints import given_track

MARGIN = 0.2
"""Share of a given box's side by which keypoints may lie outside."""


def input_tracks(
    source: str | PathLike[str] | NDArray[Any] | PersonTrack,
    folder: Path,
    detector: dict[str, Any] | None = None,
    keypoints: str | PathLike[str] | NDArray[Any] | None = None,
    boxes: NDArray[Any] | None = None,
    convention: str | None = None,
    fps: float | None = None,
    frames: FrameSelection | slice | None = None,
    person: int | Sequence[int] | None = None,
) -> list[PersonTrack]:
    """Tracks of the people in one input, possibly none.

    Args:
        source: A video file, a folder of images, a track file (npz), a
            track, or frames ``[T, H, W, 3]``, BGR, uint8.
        folder: Folder for the frames of an array.
        detector: Config of the 2D detector; None takes BlazePose.
        keypoints: A file or folder of detections, or ``[T, K, 3]`` (x, y in
            px, score); None detects them.
        boxes: Tight boxes ``[T, 4]``, px, of one person in all frames, NaN
            where it is not; None takes those of the people that are found.
        convention: Of a keypoint array; None takes it from the number of
            keypoints (17, 23 or 25).
        fps: Frames per second; None takes the video's, and 30 with a
            warning for images and arrays.
        frames: Which frames to use; None takes all. A detector sees only
            these.
        person: Identities of the wanted people of a video; None takes all,
            the main person first.

    Raises:
        InputError: If an argument is missing, wrong, or does not apply.
    """
    selection = FrameSelection.of(frames)
    given = {'keypoints': keypoints, 'boxes': boxes, 'convention': convention}
    if isinstance(source, PersonTrack) or _is_track_file(source):
        _refuse(given | {'fps': fps, 'person': person}, 'a track has its own')
        tracks = [source] if isinstance(source, PersonTrack) else None
        reader = dict(type='NpzTrackReader', keypoints=str(source))
        return _selected(tracks or read_tracks(reader), selection)
    video = _frames_folder(source, folder)
    note = rate_note(video, fps)
    if note is not None:
        print_log(note, logger='current', level=logging.WARNING)
        fps = IMAGE_RATE
    _warn(video)
    if keypoints is None:
        _refuse({'convention': convention}, 'it goes with keypoints')
        return _detected(video, detector, boxes, fps, selection, person)
    _refuse({'person': person}, 'keypoints are given')
    if isinstance(keypoints, np.ndarray):
        track = given_track(video, keypoints, boxes, convention, fps)
        return _selected([track], selection)
    tracks = _selected(_read(video, keypoints, convention, fps), selection)
    return tracks if boxes is None else [with_boxes(tracks, boxes)]


def _warn(video: Path) -> None:
    """Log what is unusual about a video."""
    if video.is_file():
        for note in video_notes(video_info(video)):
            print_log(f'{video.name}: {note}', 'current', logging.WARNING)


def _selected(
    tracks: Sequence[PersonTrack], selection: FrameSelection
) -> list[PersonTrack]:
    return [selection.apply(track) for track in tracks]


def _read(
    video: Path,
    keypoints: str | PathLike[str],
    convention: str | None,
    fps: float | None,
) -> list[PersonTrack]:
    """Tracks of a file of detections."""
    reader: dict[str, Any] = dict(
        type=guess_reader(keypoints),
        keypoints=str(keypoints),
        video=str(video),
    )
    for name, value in (('fps', fps), ('convention', convention)):
        if value is not None:
            reader[name] = value
    return read_tracks(reader)


def _detected(
    video: Path,
    detector: dict[str, Any] | None,
    boxes: NDArray[Any] | None,
    fps: float | None,
    selection: FrameSelection,
    person: int | Sequence[int] | None,
) -> list[PersonTrack]:
    """Tracks of a detector: of all people, or of the one in given boxes."""
    reader = PeopleReader(
        video,
        detector or dict(type='BlazePoseDetector'),
        cache_dir() / 'detections',
        person,
        fps=fps,
        frames=selection.config(),
    )
    if boxes is None:
        return reader()
    _refuse({'person': person}, 'boxes are given')
    if not reader.several:
        return [with_boxes(reader(), boxes)]
    place = _person_boxes(boxes)
    found = detect_people_cached(
        reader.detector, video, [place], reader.folder, fps=fps
    )
    track = with_boxes([found[0].to_track(video=video)], boxes)
    return _selected([track], selection)


def _person_boxes(boxes: NDArray[Any]) -> PersonBoxes:
    """Given boxes ``[T, 4]`` from the first frame, without NaN."""
    boxes = np.asarray(boxes, float)
    shape = 'give x1, y1, x2, y2 of every frame from the first'
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise InputError('boxes', 'shape', f'is {boxes.shape}', shape)
    (known,) = np.nonzero(is_box(boxes))
    if not len(known):
        raise InputError('boxes', 'value', 'have no area', shape)
    return PersonBoxes(0, known, boxes[known], np.ones(len(known)))


def with_boxes(
    tracks: Sequence[PersonTrack], boxes: NDArray[Any]
) -> PersonTrack:
    """A found track with given boxes.

    Keypoints outside of the boxes, each side moved out by :data:`MARGIN`,
    belong to something else and become missing.

    Args:
        tracks: Those found in the video; it must be one.
        boxes: ``[T, 4]`` (x1, y1, x2, y2), px, of all frames from the first.

    Raises:
        InputError: If there are more tracks or fewer boxes, or no keypoint
            is inside.
    """
    if len(tracks) != 1:
        problem = f'are of one person, {len(tracks)} were found'
        fix = 'give keypoints of that person as an array'
        raise InputError('boxes', 'value', problem, fix)
    (track,) = tracks
    boxes, frames = np.asarray(boxes, float), int(track.frame_ids[-1]) + 1
    if boxes.ndim != 2 or boxes.shape[1] != 4 or len(boxes) < frames:
        problem = f'has shape {boxes.shape}, not [{frames}, 4] or longer'
        fix = 'give x1, y1, x2, y2 of every frame from the first'
        raise InputError('boxes', 'shape', problem, fix)
    own = boxes[track.frame_ids]
    low, high = own[:, None, :2], own[:, None, 2:]
    reach = MARGIN * (high - low)
    points = track.keypoints
    inside = (points >= low - reach) & (points <= high + reach)
    scores = np.where(inside.all(axis=-1), track.scores, 0.0)
    if not scores.any():
        fix = 'give boxes of the person that was found, or keypoints'
        raise InputError('boxes', 'value', 'contain no keypoint', fix)
    return replace(track, boxes=own, scores=scores)


def _is_track_file(source: object) -> bool:
    return isinstance(source, str | PathLike) and Path(source).suffix == '.npz'


def _refuse(given: dict[str, Any], reason: str) -> None:
    for name, value in given.items():
        if value is not None:
            raise InputError(name, 'value', f'is of no use: {reason}', 'omit')


def _frames_folder(
    source: str | PathLike[str] | NDArray[Any] | PersonTrack, folder: Path
) -> Path:
    """The video, after a check; frames of an array become images."""
    if isinstance(source, str | PathLike):
        path = Path(source)
        if not path.exists():
            fix = 'name a video file, a folder of images or a track file'
            raise InputError(path, 'file', 'does not exist', fix)
        return path
    if (
        not isinstance(source, np.ndarray)
        or source.ndim != 4
        or source.shape[3] != 3
        or source.dtype != np.uint8
    ):
        problem = f'is {type(source).__name__}, no uint8 [T, H, W, 3]'
        fix = 'give a path, a PersonTrack or an array of BGR frames'
        raise InputError('inputs', 'value', problem, fix)
    frames = folder / 'frames'
    frames.mkdir(parents=True)
    fast = [cv2.IMWRITE_PNG_COMPRESSION, 1]
    for i, image in enumerate(source):
        cv2.imwrite(str(frames / f'{i:06d}.png'), image, fast)
    return frames
