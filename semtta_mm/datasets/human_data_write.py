"""Tracks to mmhuman3d's HumanData."""

from __future__ import annotations

import os
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from ..conventions import human_data_slots, keypoint_names
from ..structures import BodyReference, PersonTrack
from ..utils import InputError
from .video import last_number, numbered_images

SLOTS = len(keypoint_names('human_data_190'))
PADDING = 1.2
"""Factor by which mmhuman3d's converters pad boxes; our reader divides."""


def write_human_data(
    tracks: Sequence[PersonTrack],
    path: str | PathLike[str],
    config: str = 'semtta_mm',
) -> Path:
    """Write tracks as one HumanData npz.

    Keypoints are in the slots where mmhuman3d's ``convert_kps`` puts them.
    Values without a field in HumanData are in ``meta`` (``track``, ``valid``)
    and ``misc`` (``fps``), which mmhuman3d keeps and our reader reads.
    Reading the file restores frames, boxes, evidence and reference; the
    convention becomes HumanData's 190 slots.

    Args:
        tracks: All of one rate and one convention; all with the same kind of
            reference, or all without.
        path: File ending in ``.npz``.
        config: HumanData's ``config``: name of the data set.

    Returns:
        The file written.

    Raises:
        InputError: If tracks differ in a value that HumanData stores once, a
            folder of images is absent, or an image has no number.
    """
    path = Path(path)
    if path.suffix != '.npz':
        raise InputError(path, 'file', 'does not end in .npz', 'rename it')
    convention = _same(path, 'convention', [t.convention for t in tracks])
    fps = _same(path, 'fps', [t.fps for t in tracks])
    count = sum(len(track) for track in tracks)
    points = np.concatenate(
        [np.dstack([t.keypoints, t.scores]) for t in tracks]
    )
    values: dict[str, Any] = {
        '__key_strict__': False,
        '__data_len__': count,
        '__keypoints_compressed__': False,
        'config': config,
        'image_path': _image_paths(tracks),
        'bbox_xywh': _boxes(np.concatenate([t.boxes for t in tracks])),
        'misc': {'fps': float(fps), 'bbox_body_scale': PADDING},
        'meta': _meta(tracks),
        **_slots(path, 'keypoints2d', points, convention),
        **_reference(path, tracks),
    }
    if all(track.intrinsics is not None for track in tracks):
        values['cam_param'] = _cameras(tracks)
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f'.{path.name}.{os.getpid()}.tmp')
    try:
        with draft.open('wb') as file:
            np.savez_compressed(file, **values)
        os.replace(draft, path)
    finally:
        draft.unlink(missing_ok=True)
    return path


def _same(path: Path, field: str, values: Sequence[Any]) -> Any:
    """The one value of all tracks."""
    if not values:
        raise InputError(path, 'tracks', 'there are none', 'give some')
    if len(set(values)) > 1:
        found = ', '.join(sorted({str(value) for value in values}))
        fix = 'write a file for each'
        raise InputError(path, field, f'tracks differ: {found}', fix)
    return values[0]


def _slots(
    path: Path, name: str, points: np.ndarray, convention: str
) -> dict[str, Any]:
    """``name``, its mask and its convention, of ``[N, K, D]``."""
    try:
        slots = human_data_slots(convention, keypoint_names(convention))
    except ValueError as error:
        raise InputError(
            path, 'convention', str(error), 'convert the keypoints first'
        ) from error
    full = np.zeros((len(points), SLOTS, points.shape[2]))
    full[:, list(slots.values())] = points[:, list(slots)]
    mask = np.zeros(SLOTS, np.uint8)
    mask[list(slots.values())] = 1
    return {
        name: full,
        f'{name}_mask': mask,
        f'{name}_convention': 'human_data',
    }


def _boxes(boxes: np.ndarray) -> np.ndarray:
    """Padded ``[N, 5]``: x, y, width, height, 1."""
    centre = (boxes[:, :2] + boxes[:, 2:]) / 2
    size = (boxes[:, 2:] - boxes[:, :2]) * PADDING
    ones = np.ones((len(boxes), 1))
    return np.concatenate([centre - size / 2, size, ones], axis=1)


def _meta(tracks: Sequence[PersonTrack]) -> dict[str, np.ndarray]:
    genders, names, valid = [], [], []
    for track in tracks:
        reference = track.reference
        genders += [reference.gender if reference else 'neutral'] * len(track)
        names += [track.name] * len(track)
        flags = None if reference is None else reference.valid
        valid.append(np.ones(len(track), bool) if flags is None else flags)
    return {
        'gender': np.array(genders),
        'track': np.array(names),
        'valid': np.concatenate(valid).astype(np.uint8),
    }


def _reference(path: Path, tracks: Sequence[PersonTrack]) -> dict[str, Any]:
    known = [t.reference for t in tracks if t.reference is not None]
    if not known:
        return {}
    if len(known) < len(tracks):
        problem = f'{len(tracks) - len(known)} of {len(tracks)} have none'
        raise InputError(path, 'reference', problem, 'write a file for each')
    kind = _same(path, 'reference', [_kind(item) for item in known])
    if kind == 'joints':
        return _joints(path, known)
    stacked = {
        name: np.concatenate([getattr(item, name) for item in known])
        for name in ('pose', 'betas', 'transl')
        if all(getattr(item, name) is not None for item in known)
    }
    pose = stacked.pop('pose')
    return {
        'smpl': {
            'global_orient': pose[:, 0],
            'body_pose': pose[:, 1:],
            **stacked,
        }
    }


def _kind(reference: BodyReference) -> str:
    whole = reference.pose is not None and reference.betas is not None
    return 'smpl' if whole else 'joints'


def _joints(path: Path, known: Sequence[BodyReference]) -> dict[str, Any]:
    convention = _same(
        path, 'reference.convention', [item.convention for item in known]
    )
    rows = []
    for item in known:
        assert item.joints is not None
        valid = item.joints_valid
        if valid is None:
            valid = np.ones(item.joints.shape[:2])
        rows.append(np.dstack([item.joints, valid]))
    return _slots(path, 'keypoints3d', np.concatenate(rows), convention)


def _cameras(tracks: Sequence[PersonTrack]) -> np.ndarray:
    """One dict a row, as mmhuman3d's converters store them."""
    matrices = np.concatenate([t.intrinsics for t in tracks])
    out = np.empty(len(matrices), object)
    out[:] = [{'in_mat': matrix} for matrix in matrices]
    return out


def _image_paths(tracks: Sequence[PersonTrack]) -> list[str]:
    """Path of each row, relative to the common folder of all videos."""
    videos = [t.video.absolute() for t in tracks if t.video is not None]
    parents = [str(video.parent) for video in videos]
    root = Path(os.path.commonpath(parents)) if parents else Path()
    paths = []
    for track in tracks:
        inner = Path(track.name)
        if track.video is not None:
            inner = track.video.absolute().relative_to(root)
            inner = inner if track.video.is_dir() else inner.with_suffix('')
        names = _image_names(track)
        paths += [(inner / name).as_posix() for name in names]
    return paths


def _image_names(track: PersonTrack) -> list[str]:
    """File names; for a video the frame numbers."""
    frames = track.frame_ids.tolist()
    if track.video is None or track.video.is_file():
        return [f'{frame:06d}.jpg' for frame in frames]
    images = numbered_images(track.video, track.numbering)
    missing = [frame for frame in frames if frame not in images]
    if missing:
        problem = f'has no image in {track.video}'
        raise InputError(track.name, f'frame {missing[0]}', problem, 'get it')
    names = [images[frame].name for frame in frames]
    for name in names:
        if last_number(Path(name).stem) is None:
            fix = 'name images by their numbers'
            raise InputError(track.video, name, 'has no number', fix)
    return names
