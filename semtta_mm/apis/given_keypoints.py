"""A track from an array of keypoints."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..conventions import keypoint_names
from ..datasets.boxes import MIN_POINTS, interpolate_boxes, keypoint_box
from ..datasets.video import video_info
from ..structures import PersonTrack
from ..utils import InputError

_BY_COUNT = {17: 'coco_17', 23: 'coco_23', 25: 'openpose_25'}
"""Conventions by their number of keypoints."""


def given_track(
    video: Path,
    keypoints: NDArray[Any],
    boxes: NDArray[Any] | None,
    convention: str | None,
    fps: float | None,
) -> PersonTrack:
    """The track of an array of keypoints, from the video's first frame.

    Args:
        video: Video file or folder of images.
        keypoints: ``[T, K, 3]`` (x and y in px, score).
        boxes: Tight boxes ``[T, 4]``, px; None takes those around the
            keypoints.
        convention: None takes it from K (17, 23 or 25).
        fps: Frames per second; None takes the video's.

    Raises:
        InputError: If an array has a wrong shape, the convention or the rate
            is unknown, or no frame has a box.
    """
    if keypoints.ndim != 3 or keypoints.shape[2] != 3:
        problem = f'has shape {keypoints.shape}, not [T, K, 3]'
        raise InputError('keypoints', 'shape', problem, 'give x, y, score')
    if convention is None:
        convention = _BY_COUNT.get(keypoints.shape[1])
    if convention is None:
        problem = f'is unknown for {keypoints.shape[1]} keypoints'
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
