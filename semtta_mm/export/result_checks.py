"""Exact checks of the arrays of ``result.npz``."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..conventions import NUM_BETAS, NUM_JOINTS, SMPL_JOINTS
from ..utils import InputError

REQUIRED: dict[str, tuple[str | int, ...]] = {
    'frame_ids': ('T',),
    'fps': (),
    'global_orient': ('T', 3),
    'body_pose': ('T', 3 * (NUM_JOINTS - 1)),
    'betas': ('T', NUM_BETAS),
    'transl': ('T', 3),
    'cam_intrinsics': ('T', 3, 3),
    'joints3d': ('T', NUM_JOINTS, 3),
    'joint_names': (NUM_JOINTS,),
    'joints2d': ('T', 'K', 2),
    'bank_keypoints': ('T', 'K', 2),
    'bank_source': ('T', 'K'),
    'bbox_xyxy': ('T', 4),
}
"""Arrays of every version, with their axes."""

OPTIONAL: dict[str, tuple[str | int, ...]] = {
    'schema_version': (),
    'track': (),
    'stride': (),
    'keypoint_convention': (),
    'keypoint_names': ('K',),
    'person_xyxy': ('T', 4),
    'keypoints3d': ('T', 'K', 3),
    'body': (),
    'gender': (),
    'image_size': (2,),
    'video': (),
    'up': ('T', 3),
}
"""Arrays since version 2; those after ``keypoints3d`` only if known."""

_TEXTS = (
    'joint_names',
    'track',
    'keypoint_convention',
    'keypoint_names',
    'body',
    'gender',
    'video',
)
_WHOLE = ('schema_version', 'frame_ids', 'stride', 'bank_source', 'image_size')


def text_of(arrays: Mapping[str, NDArray[Any]], name: str) -> str:
    """A text of the file, or ``''``."""
    return str(arrays[name]) if name in arrays else ''


def check_arrays(
    arrays: Mapping[str, NDArray[Any]], source: str | PathLike[str], fix: str
) -> None:
    """Check names, kinds, shapes and values.

    Args:
        arrays: Name to array.
        source: Where they are from, for messages.
        fix: What the user can do.

    Raises:
        InputError: If an array is absent or wrong, naming it.
    """
    for name in REQUIRED:
        if name not in arrays:
            raise InputError(source, name, 'is absent', fix)
    sizes: dict[str, int] = {}
    for name, axes in (REQUIRED | OPTIONAL).items():
        if name in arrays:
            _check_kind(arrays[name], name, source, fix)
            _check_shape(arrays[name], name, axes, sizes, source, fix)
    _check_values(arrays, source, fix)


def _check_kind(
    array: NDArray[Any], name: str, source: str | PathLike[str], fix: str
) -> None:
    kinds, what = 'fiu', 'numbers'
    if name in _TEXTS:
        kinds, what = 'U', 'text'
    elif name in _WHOLE:
        kinds, what = 'iu', 'whole numbers'
    if array.dtype.kind not in kinds:
        problem = f'holds {array.dtype}, not {what}'
        raise InputError(source, name, problem, fix)


def _check_shape(
    array: NDArray[Any],
    name: str,
    axes: tuple[str | int, ...],
    sizes: dict[str, int],
    source: str | PathLike[str],
    fix: str,
) -> None:
    """One array; ``sizes`` of T and K are those of the first that has them."""
    fits = array.ndim == len(axes)
    if fits:
        for axis, size in zip(axes, array.shape, strict=True):
            known = axis
            if isinstance(axis, str):
                known = sizes.setdefault(axis, size)
            fits &= known == size
    if not fits:
        want = ', '.join(str(sizes.get(str(axis), axis)) for axis in axes)
        problem = f'expected [{want}], got {list(array.shape)}'
        raise InputError(source, name, problem, fix)


def _check_values(
    arrays: Mapping[str, NDArray[Any]], source: str | PathLike[str], fix: str
) -> None:
    def refuse(name: str, problem: str) -> None:
        raise InputError(source, name, problem, fix)

    for name in REQUIRED | OPTIONAL:
        array = arrays.get(name)
        if array is None or array.dtype.kind != 'f':
            continue
        if not np.isfinite(array).all():
            refuse(name, 'holds NaN or infinity')
    if not len(arrays['frame_ids']):
        refuse('frame_ids', 'has no frame')
    if (np.diff(arrays['frame_ids'].astype(np.int64)) <= 0).any():
        refuse('frame_ids', 'is not increasing')
    if arrays['frame_ids'][0] < 0:
        refuse('frame_ids', 'has negative numbers')
    if not arrays['fps'] > 0:
        refuse('fps', f'is {float(arrays["fps"])}')
    if 'stride' in arrays:
        stride = int(arrays['stride'])
        if stride < 1 or (np.diff(arrays['frame_ids']) % stride).any():
            refuse('stride', f'{stride} does not fit the frame numbers')
    if tuple(arrays['joint_names'].tolist()) != SMPL_JOINTS:
        refuse('joint_names', "are not SMPL's 24 joints in their order")
    if not np.isin(arrays['bank_source'], (0, 1, 2)).all():
        refuse('bank_source', 'holds numbers other than 0, 1 and 2')
    if (arrays['cam_intrinsics'][:, (0, 1), (0, 1)] <= 0).any():
        refuse('cam_intrinsics', 'has a focal length of 0 or less')
