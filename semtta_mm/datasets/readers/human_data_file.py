"""The arrays of a HumanData npz, without running its pickles."""

from __future__ import annotations

from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ...checkpoints.plain_data import read_plain_npz
from ...conventions import (
    HUMAN_DATA_ALTERNATES,
    human_data_slots,
    keypoint_names,
)
from ...utils import InputError
from .base import NO_BOX

_FIX = 'give a file that HumanData.dump of mmhuman3d 0.11 wrote'
_CONVENTIONS = {
    'human_data': 'human_data_190',
    'coco': 'coco_17',
    'coco_wholebody': 'coco_wholebody_133',
    'openpose_25': 'openpose_25',
    'smpl': 'smpl_24',
}


@dataclass(frozen=True)
class HumanDataFile:
    """Rows of a HumanData file.

    Note:
        - rows of the file: N
        - keypoints of the convention: K

    Attributes:
        image_paths: ``[N]``, as stored, relative to the data set.
        boxes: ``[N, 4]`` (x1, y1, x2, y2), px, as stored; NaN if absent.
        keypoints: ``[N, K, 2]``, px.
        scores: ``[N, K]``; 0 means missing.
        convention: Our name of the convention.
        body: What of ``pose [N, 24, 3]`` (axis-angle, radians),
            ``betas [N, 10]``, ``transl [N, 3]`` (m) the file has.
        genders: ``[N]``: ``'neutral'``, ``'male'`` or ``'female'``.
        intrinsics: ``[N, 3, 3]``, px, or None.
        joints: ``joints [N, J, 3]`` (m), ``joints_valid [N, J]`` and
            ``convention`` if the file has 3D joints and no pose.
        tracks: ``[N]``: name of the person's track; only in files of
            ``write_human_data``, as the next two.
        fps: Frames per second.
        valid: ``[N]``: the reference may be evaluated.
    """

    image_paths: list[str]
    boxes: np.ndarray
    keypoints: np.ndarray
    scores: np.ndarray
    convention: str
    body: dict[str, np.ndarray]
    genders: list[str]
    intrinsics: np.ndarray | None
    joints: dict[str, Any] = field(default_factory=dict)
    tracks: list[str] | None = None
    fps: float | None = None
    valid: np.ndarray | None = None


def read_human_data(path: str | PathLike[str]) -> HumanDataFile:
    """Read and check a HumanData npz.

    Slots of the 190 that are the same joint are merged: an empty slot of
    SMPL takes the value of OpenPose or of the extra regressor.

    Args:
        path: The file; compressed keypoints are expanded.

    Raises:
        InputError: If the file is missing, truncated, holds code, or a field
            is absent or of a wrong shape.
    """
    path = Path(path)
    data = read_plain_npz(path, _FIX)
    if 'image_path' not in data:
        raise InputError(path, 'image_path', 'is absent', _FIX)
    paths = [str(item) for item in np.atleast_1d(data['image_path'])]
    count = len(paths)
    boxes = np.tile(NO_BOX, (count, 1))
    if 'bbox_xywh' in data:
        stored = _rows(path, data, 'bbox_xywh', count)[:, :4]
        boxes = np.concatenate(
            [stored[:, :2], stored[:, :2] + stored[:, 2:]], axis=1
        )
    keypoints, scores, convention = _evidence(path, data, count)
    body = _body(path, data.get('smpl'), count)
    meta, misc = data.get('meta'), data.get('misc')
    names, valid = (
        _rows_of(meta, 'track', count),
        _rows_of(meta, 'valid', count),
    )
    rate = misc.get('fps') if isinstance(misc, dict) else None
    return HumanDataFile(
        image_paths=paths,
        boxes=boxes,
        keypoints=keypoints,
        scores=scores,
        convention=convention,
        body=body,
        genders=_genders(meta, count),
        intrinsics=_intrinsics(data.get('cam_param'), count),
        joints={} if body else _joints(path, data, count),
        tracks=None if names is None else [str(name) for name in names],
        fps=None if rate is None else float(rate),
        valid=None if valid is None else valid.astype(bool),
    )


def _joints(path: Path, data: dict[str, Any], count: int) -> dict[str, Any]:
    """3D joints, if their convention can be evaluated."""
    if 'keypoints3d' not in data or 'keypoints3d_mask' not in data:
        return {}
    mask = np.asarray(data['keypoints3d_mask']) > 0
    full = _expand(path, _rows(path, data, 'keypoints3d', count), mask)
    for convention in ('h36m_17', 'mpi_inf_3dhp_17', 'smpl_24'):
        slots = human_data_slots(convention, keypoint_names(convention))
        index = [slots[i] for i in range(len(slots))]
        if set(index) == set(np.flatnonzero(mask).tolist()):
            return {
                'joints': full[:, index, :3],
                'joints_valid': full[:, index, 3] > 0,
                'convention': convention,
            }
    return {}


def _rows_of(meta: Any, name: str, count: int) -> np.ndarray | None:
    """A member of ``meta`` if it has a value for each row."""
    value = meta.get(name) if isinstance(meta, dict) else None
    if value is None or len(np.atleast_1d(value)) != count:
        return None
    return np.atleast_1d(value)


def _evidence(
    path: Path, data: dict[str, Any], count: int
) -> tuple[np.ndarray, np.ndarray, str]:
    """Keypoints, scores and convention; scores 0 if there are none."""
    if 'keypoints2d' not in data:
        k = len(keypoint_names('coco_17'))
        return np.zeros((count, k, 2)), np.zeros((count, k)), 'coco_17'
    points = _rows(path, data, 'keypoints2d', count)
    mask = np.asarray(data.get('keypoints2d_mask', np.ones(points.shape[1])))
    points = _expand(path, points, mask > 0)
    name = str(data.get('keypoints2d_convention', 'human_data'))
    convention = _CONVENTIONS.get(name)
    if convention is None:
        known = ', '.join(_CONVENTIONS)
        problem = f'{name!r} is not known (known: {known})'
        raise InputError(path, 'keypoints2d_convention', problem, _FIX)
    wanted = (len(keypoint_names(convention)), 3)
    if points.shape[1:] != wanted:
        problem = f'expected [N, {wanted[0]}, 3], got {list(points.shape)}'
        raise InputError(path, 'keypoints2d', problem, _FIX)
    keypoints, scores = points[..., :2], points[..., 2] * (mask > 0)
    if convention == 'human_data_190':
        keypoints, scores = merge_slots(keypoints, scores)
    return keypoints, scores, convention


def merge_slots(
    keypoints: np.ndarray, scores: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Fill empty slots of named joints from their alternates.

    Args:
        keypoints: ``[N, 190, 2]``.
        scores: ``[N, 190]``; 0 means missing.

    Returns:
        Copies of both, filled.
    """
    names = keypoint_names('human_data_190')
    keypoints, scores = keypoints.copy(), scores.copy()
    for name, others in HUMAN_DATA_ALTERNATES.items():
        slot = names.index(name)
        for other in (names.index(item) for item in others):
            empty = ~(scores[:, slot] > 0)
            keypoints[empty, slot] = keypoints[empty, other]
            scores[empty, slot] = scores[empty, other]
    return keypoints, scores


def _expand(path: Path, points: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Undo ``compress_keypoints_by_mask``."""
    if points.ndim == 3 and points.shape[1] == len(mask):
        return points
    if points.ndim != 3 or points.shape[1] != mask.sum():
        raise InputError(
            path,
            'keypoints2d',
            f'shape {list(points.shape)} fits no mask of {len(mask)} with '
            f'{int(mask.sum())} set',
            _FIX,
        )
    full = np.zeros((len(points), len(mask), points.shape[2]), points.dtype)
    full[:, mask] = points
    return full


def _body(path: Path, smpl: Any, count: int) -> dict[str, np.ndarray]:
    if not isinstance(smpl, dict) or 'global_orient' not in smpl:
        return {}
    shapes = {
        'global_orient': (count, 1, 3),
        'body_pose': (count, 23, 3),
        'betas': (count, 10),
        'transl': (count, 3),
    }
    body = {}
    for name, shape in shapes.items():
        if name not in smpl:
            continue
        value = np.asarray(smpl[name], np.float32)
        if value.size != np.prod(shape):
            problem = f'expected {list(shape)}, got {list(value.shape)}'
            raise InputError(path, f'smpl.{name}', problem, _FIX)
        body[name] = value.reshape(shape)
    if 'body_pose' not in body:
        raise InputError(path, 'smpl.body_pose', 'is absent', _FIX)
    pose = [body.pop('global_orient'), body.pop('body_pose')]
    return {'pose': np.concatenate(pose, axis=1), **body}


def _genders(meta: Any, count: int) -> list[str]:
    stored = meta.get('gender') if isinstance(meta, dict) else None
    if stored is None or len(stored) != count:
        return ['neutral'] * count
    table = {'m': 'male', 'f': 'female'}
    return [table.get(str(item)[:1].lower(), 'neutral') for item in stored]


def _intrinsics(cameras: Any, count: int) -> np.ndarray | None:
    """mmhuman3d keeps one dict a row, with ``in_mat`` of 3 x 3."""
    if not isinstance(cameras, np.ndarray) or cameras.shape != (count,):
        return None
    matrices = [
        np.asarray(camera.get('in_mat'))
        for camera in cameras
        if isinstance(camera, dict)
    ]
    if len(matrices) != count or any(m.shape != (3, 3) for m in matrices):
        return None
    return np.stack(matrices).astype(np.float32)


def _rows(
    path: Path, data: dict[str, Any], field: str, count: int
) -> np.ndarray:
    value = np.asarray(data[field])
    if value.ndim < 2 or len(value) != count or value.dtype.kind not in 'iuf':
        raise InputError(
            path,
            field,
            f'expected numbers for {count} rows, got {list(value.shape)} of '
            f'{value.dtype}',
            _FIX,
        )
    return value.astype(np.float32)
