"""From what a user has, a video or keypoints, to person tracks."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from ..conventions import keypoint_names
from ..datasets.boxes import MIN_POINTS, interpolate_boxes, keypoint_box
from ..datasets.readers.guess import guess_reader
from ..datasets.track_dataset import read_tracks
from ..datasets.video import video_info
from ..structures import PersonTrack
from ..utils import InputError
from ..utils.package_data import cache_dir

_BY_COUNT = {17: 'coco_17', 23: 'coco_23', 25: 'openpose_25'}
"""Conventions that a number of keypoints stands for."""


def input_tracks(
    source: str | PathLike[str] | NDArray[Any] | PersonTrack,
    folder: Path,
    detector: dict[str, Any] | None = None,
    keypoints: str | PathLike[str] | NDArray[Any] | None = None,
    boxes: NDArray[Any] | None = None,
    convention: str | None = None,
    fps: float | None = None,
) -> list[PersonTrack]:
    """Tracks of the people in one input.

    Args:
        source: A video file, a folder of images, a track file (npz), a
            track, or frames ``[T, H, W, 3]``, BGR, uint8.
        folder: Where frames of an array are kept while they are needed.
        detector: Config of the 2D detector; None takes BlazePose.
        keypoints: A file or folder of detections, or ``[T, K, 3]`` (x, y in
            px, score); None detects them.
        boxes: Tight boxes ``[T, 4]``, px, of a keypoint array; None takes
            those around the keypoints.
        convention: Of a keypoint array; None goes by the number of keypoints
            (17, 23 or 25).
        fps: Frames per second; None takes the video's.

    Raises:
        InputError: If an argument is missing, wrong, or of no use here.
    """
    given = {'keypoints': keypoints, 'boxes': boxes, 'convention': convention}
    if isinstance(source, PersonTrack) or _is_track_file(source):
        _refuse(given | {'fps': fps}, 'a track has its own')
        if isinstance(source, PersonTrack):
            return [source]
        return read_tracks(dict(type='NpzTrackReader', keypoints=str(source)))
    video = _frames_folder(source, folder)
    if isinstance(keypoints, np.ndarray):
        return [_given_track(video, keypoints, boxes, convention, fps)]
    _refuse({'boxes': boxes}, 'they go with an array of keypoints')
    reader: dict[str, Any] = dict(video=str(video))
    if fps is not None:
        reader['fps'] = fps
    if keypoints is not None:
        kind = guess_reader(keypoints)
        reader |= dict(type=kind, keypoints=str(keypoints))
        if convention is not None:
            reader['convention'] = convention
        return read_tracks(reader)
    _refuse({'convention': convention}, 'it goes with keypoints')
    reader |= dict(
        type='DetectionReader',
        detector=detector or dict(type='BlazePoseDetector'),
        folder=str(cache_dir() / 'detections'),
    )
    return read_tracks(reader)


def _is_track_file(source: object) -> bool:
    return isinstance(source, str | PathLike) and Path(source).suffix == '.npz'


def _refuse(given: dict[str, Any], reason: str) -> None:
    for name, value in given.items():
        if value is not None:
            raise InputError(name, 'value', f'is of no use: {reason}', 'omit')


def _frames_folder(
    source: str | PathLike[str] | NDArray[Any] | PersonTrack, folder: Path
) -> Path:
    """A video that exists; frames of an array become images."""
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


def _given_track(
    video: Path,
    keypoints: NDArray[Any],
    boxes: NDArray[Any] | None,
    convention: str | None,
    fps: float | None,
) -> PersonTrack:
    """The track of an array of keypoints, from the video's first frame."""
    if keypoints.ndim != 3 or keypoints.shape[2] != 3:
        problem = f'has shape {keypoints.shape}, not [T, K, 3]'
        raise InputError('keypoints', 'shape', problem, 'give x, y, score')
    if convention is None:
        convention = _BY_COUNT.get(keypoints.shape[1])
    if convention is None:
        problem = f'is not known of {keypoints.shape[1]} keypoints'
        fix = "give it, e.g. convention='halpe_26'"
        raise InputError('keypoints', 'convention', problem, fix)
    keypoint_names(convention)
    rate = fps or video_info(video).fps
    if rate is None:
        fix = 'give fps, the frames per second'
        raise InputError(video, 'fps', 'is unknown for images', fix)
    points, scores = keypoints[..., :2], keypoints[..., 2]
    frame_ids = np.arange(len(keypoints))
    if boxes is None:
        boxes = np.stack(
            [
                keypoint_box(p, s > 0)
                for p, s in zip(points, scores, strict=True)
            ]
        )
        boxes = interpolate_boxes(frame_ids, boxes)
    known = np.isfinite(boxes).all(axis=1)
    if not known.any():
        problem = f'no frame has {MIN_POINTS} visible keypoints'
        raise InputError('keypoints', 'score', problem, 'give boxes too')
    try:
        return PersonTrack(
            name=video.stem,
            frame_ids=frame_ids[known],
            fps=rate,
            boxes=boxes[known],
            keypoints=points[known],
            scores=scores[known],
            convention=convention,
            video=video,
        )
    except ValueError as error:
        raise InputError(
            'keypoints', 'value', str(error), 'check arrays and convention'
        ) from error
