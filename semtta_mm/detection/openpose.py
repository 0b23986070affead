"""Writes detections as a folder of OpenPose JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..conventions import convert_keypoints
from ..utils import InputError
from .result import DetectionResult

VERSION = 1.3
_EMPTY = (
    'face_keypoints_2d',
    'hand_left_keypoints_2d',
    'hand_right_keypoints_2d',
    'pose_keypoints_3d',
    'face_keypoints_3d',
    'hand_left_keypoints_3d',
    'hand_right_keypoints_3d',
)


def write_openpose_json(
    results: DetectionResult | Sequence[DetectionResult],
    folder: str | PathLike[str],
) -> list[Path]:
    """Write one JSON file for each processed frame, as OpenPose does.

    The files are ``{video}_{frame:012d}_keypoints.json`` with OpenPose's 25
    body keypoints; those that the detector lacks (BlazePose: small toes) are
    0, 0 with score 0. A frame without a person has an empty list of people.
    One person has the identity -1, as OpenPose writes; several have their
    position among the results.

    Args:
        results: The detections of one person or of several people of the
            same video.
        folder: Output folder; created if missing.

    Returns:
        The files, in the order of frames.

    Raises:
        InputError: If the folder has keypoint files of other frames or
            videos.
    """
    folder = Path(folder)
    if isinstance(results, DetectionResult):
        results = [results]
    stem = Path(results[0].source).stem
    searched = np.unique(np.concatenate([r.searched for r in results]))
    paths = {
        int(frame): folder / f'{stem}_{frame:012d}_keypoints.json'
        for frame in searched
    }
    _check_unmixed(folder, set(paths.values()))
    people: dict[int, list[dict[str, Any]]] = {}
    for i, result in enumerate(results):
        points, scores = convert_keypoints(
            result.keypoints, result.scores, result.convention, 'openpose_25'
        )
        values = np.concatenate([points, scores[..., None]], axis=-1)
        identity = i if len(results) > 1 else -1
        for frame, row in zip(result.frame_ids, values, strict=True):
            people.setdefault(int(frame), []).append(_person(row, identity))
    folder.mkdir(parents=True, exist_ok=True)
    for frame, path in paths.items():
        content = {'version': VERSION, 'people': people.get(frame, [])}
        path.write_text(json.dumps(content), encoding='utf-8')
    return list(paths.values())


def _person(values: np.ndarray, identity: int) -> dict[str, Any]:
    flat = [round(float(value), 4) for value in values.ravel()]
    return {
        'person_id': [identity],
        'pose_keypoints_2d': flat,
        **{name: [] for name in _EMPTY},
    }


def _check_unmixed(folder: Path, ours: set[Path]) -> None:
    for path in sorted(folder.glob('*_keypoints.json')):
        if path not in ours:
            raise InputError(
                path,
                'file',
                'is of another video or frame range',
                'give an empty folder',
            )
