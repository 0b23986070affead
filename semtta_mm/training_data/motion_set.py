"""Motions on disk: one npz of plain arrays for one split.

======== =========== ==================================================
field    shape       meaning
======== =========== ==================================================
schema   []          ``'semtta_mm/motions/1'``
name     [C]         unique name of each clip
label    [C]         action, as free text; ``''``: unlabelled
source   [C]         ``'pybullet'``, ``'cmu'``, ``'procedural'``, ...
fps      [C]         frames per second, float32
loops    [C]         whether the last frame leads back to the first, bool
length   [C]         frames of each clip, int64; their sum is N
rotvec   [N, 24, 3]  axis-angle of all clips in a row, radians, float32
======== =========== ==================================================
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path

import numpy as np
from scipy.spatial.transform import Rotation

from ..conventions import NUM_JOINTS
from ..utils import InputError, read_npz
from .motion_clip import MotionClip

SCHEMA = 'semtta_mm/motions/1'
"""Value of the field ``schema``; incremented when the layout changes."""

_FIX = 'write it again with `semtta make-motions`'
_PER_CLIP = ('name', 'label', 'source', 'fps', 'loops', 'length')


def read_motion_set(path: str | PathLike[str]) -> list[MotionClip]:
    """Read the clips of one split.

    Args:
        path: File of ``semtta make-motions``.

    Returns:
        Clips in the order of the file; poses are float64 and orthonormal.

    Raises:
        InputError: If the file is missing, broken, of another schema, or a
            field has a wrong shape, type or value.
    """
    path = Path(path)
    data = read_npz(path, _FIX, ('schema', *_PER_CLIP, 'rotvec'))
    _check(path, data)
    pose = Rotation.from_rotvec(data['rotvec'].reshape(-1, 3).astype(float))
    parts = np.split(
        pose.as_matrix().reshape(-1, NUM_JOINTS, 3, 3),
        np.cumsum(data['length'])[:-1],
    )
    columns = zip(
        *(data[field].tolist() for field in _PER_CLIP[:-1]), strict=True
    )
    return [
        MotionClip(name, label, source, fps, part, loops)
        for (name, label, source, fps, loops), part in zip(
            columns, parts, strict=True
        )
    ]


def _check(path: Path, data: dict[str, np.ndarray]) -> None:
    """Raise InputError for a wrong shape, type or value."""
    schema, rotvec, length = (
        data[field] for field in ('schema', 'rotvec', 'length')
    )
    if str(schema) != SCHEMA:
        raise InputError(path, 'schema', f'{schema} is not {SCHEMA}', _FIX)
    kinds = {'fps': 'f', 'loops': 'b', 'length': 'iu'}
    for field in _PER_CLIP:
        array, kind = data[field], kinds.get(field, 'U')
        if array.shape != length.shape or array.dtype.kind not in kind:
            problem = f'is {array.dtype} {list(array.shape)}'
            raise InputError(path, field, problem, _FIX)
    if length.ndim != 1 or length.size == 0 or length.min() < 1:
        raise InputError(
            path, 'length', 'needs clips of at least 1 frame', _FIX
        )
    wanted = (int(length.sum()), NUM_JOINTS, 3)
    if rotvec.shape != wanted or rotvec.dtype.kind != 'f':
        problem = f'is {list(rotvec.shape)}, expected {list(wanted)}'
        raise InputError(path, 'rotvec', problem, _FIX)
    if not np.isfinite(rotvec).all():
        raise InputError(path, 'rotvec', 'contains NaN or infinity', _FIX)
    if not (data['fps'] > 0).all():
        raise InputError(path, 'fps', 'must be above 0', _FIX)
