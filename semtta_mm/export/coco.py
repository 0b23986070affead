"""JSON in the style of COCO's keypoints, with 3D."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..conventions import CONVENTIONS
from ..registry import FUNCTIONS
from ..structures.pose_bank import Source
from ..utils.files import write_atomically
from ..visualization.skeleton import limbs
from .keypoints import Points, evidence_points, joint_points
from .result_file import SCHEMA_VERSION
from .track import ExportTrack

FILE = 'coco.json'
_VISIBLE, _HIDDEN = 2, 1
_PIXEL_DIGITS, _METRE_DIGITS = 2, 4


@FUNCTIONS.register_module()
def write_json(track: ExportTrack, folder: Path) -> Path:
    """Write ``coco.json`` of one person; see :func:`coco_document`.

    Args:
        track: The person.
        folder: For the file.

    Returns:
        The file.
    """
    return write_people([track], folder / FILE)


def write_people(tracks: Sequence[ExportTrack], path: Path) -> Path:
    """Write one file of several people of one video.

    Args:
        tracks: The people; their evidence has one convention.
        path: The file.

    Returns:
        The file.
    """
    text = json.dumps(coco_document(tracks), allow_nan=False)
    write_atomically(path, lambda draft: draft.write_text(text + '\n'))
    return path


def coco_document(tracks: Sequence[ExportTrack]) -> dict[str, Any]:
    """Images, annotations and a category, as COCO has them.

    ``keypoints`` are the model's, ``[x, y, v]`` in px each: v is 2 where the
    keypoint was detected, 1 where it was filled in or only the model says
    where it is. ``person_id`` names the person, ``track_id`` counts people
    from 1. ``joints3d`` are SMPL's 24, m, camera frame; ``joints3d_world``
    the same on the floor.

    Args:
        tracks: People of one video; their evidence has one convention.
    """
    first = tracks[0].result
    frames = sorted({int(f) for t in tracks for f in t.result.frame_ids})
    annotations = [
        annotation
        for number, track in enumerate(tracks, start=1)
        for annotation in _annotations(track, number)
    ]
    for number, annotation in enumerate(annotations, start=1):
        annotation['id'] = number
    return {
        'info': {
            'description': 'semtta_mm',
            'schema_version': SCHEMA_VERSION,
            'video': first.video,
            'fps': first.fps,
            'keypoint_convention': first.convention,
            'joint_names': first.arrays['joint_names'].tolist(),
            'units': {'keypoints': 'px', 'joints3d': 'm'},
        },
        'images': [_image(tracks[0], frame) for frame in frames],
        'annotations': annotations,
        'categories': [_category(tracks[0])],
    }


def _image(track: ExportTrack, frame: int) -> dict[str, Any]:
    image: dict[str, Any] = {
        'id': frame,
        'frame_id': frame,
        'file_name': f'{frame:06d}.jpg',
        'time': round(frame / track.result.fps, 4),
    }
    if track.result.image_size is not None:
        image['width'], image['height'] = track.result.image_size
    return image


def _category(track: ExportTrack) -> dict[str, Any]:
    convention = track.result.convention
    pairs = limbs(convention) if convention in CONVENTIONS else []
    return {
        'id': 1,
        'name': 'person',
        'supercategory': 'person',
        'keypoints': list(evidence_points(track).names),
        'skeleton': [[a + 1, b + 1] for a, b in pairs],
    }


def _annotations(track: ExportTrack, number: int) -> list[dict[str, Any]]:
    result, joints = track.result, joint_points(track)
    detected = result.bank_source == int(Source.DETECTED)
    boxes = result.bbox_xyxy
    if result.person_xyxy is not None:
        boxes = result.person_xyxy
    found = []
    for t, frame in enumerate(result.frame_ids.tolist()):
        left, top, right, bottom = boxes[t].astype(float).tolist()
        seen = np.where(detected[t], _VISIBLE, _HIDDEN)
        annotation = {
            'image_id': frame,
            'frame_id': frame,
            'category_id': 1,
            'person_id': result.name,
            'track_id': number,
            'bbox': _rounded([left, top, right - left, bottom - top]),
            'area': round((right - left) * (bottom - top), _PIXEL_DIGITS),
            'iscrowd': 0,
            'keypoints': _triples(result.joints2d[t], seen),
            'num_keypoints': len(seen),
            'evidence': _triples(
                result.bank_keypoints[t], result.bank_source[t]
            ),
            'cam_intrinsics': result.cam_intrinsics[t].astype(float).tolist(),
            **_joints(joints, t),
        }
        found.append(annotation)
    return found


def _joints(joints: Points, t: int) -> dict[str, Any]:
    values = {'joints3d': _rounded(joints.camera[t], _METRE_DIGITS)}
    if joints.world is not None:
        values['joints3d_world'] = _rounded(joints.world[t], _METRE_DIGITS)
    return values


def _triples(points: NDArray[Any], flags: NDArray[Any]) -> list[float]:
    """``x, y, flag`` of each point in one list, as COCO has it."""
    flat: list[float] = []
    for (x, y), flag in zip(_rounded(points), flags.tolist(), strict=True):
        flat += [x, y, int(flag)]
    return flat


def _rounded(values: Any, digits: int = _PIXEL_DIGITS) -> Any:
    return np.round(np.asarray(values, np.float64), digits).tolist()
