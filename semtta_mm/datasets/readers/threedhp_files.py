"""The annotations of MPI-INF-3DHP's test set as plain arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...conventions import keypoint_index, keypoint_names
from ...utils import InputError, extra, require

CONVENTION = 'mpi_inf_3dhp_17'
"""Order of the joints in ``annot_data.mat``."""

_NAME = 'mpi_inf_3dhp_test_set'
TREE = (
    f'{_NAME}/TS1 ... TS6, each with annot_data.mat and '
    'imageSequence/img_000001.jpg'
)
FIX = f'give the folder that holds {TREE}'


def sequence_root(folder: Path) -> Path:
    """``mpi_inf_3dhp_test_set``, given itself or its parent."""
    inner = folder / _NAME
    return inner if inner.is_dir() else folder


def as_h36m(joints: np.ndarray) -> np.ndarray:
    """The test set's joints in the order of Human3.6M's regressor.

    As in SPIN's evaluation: its pelvis, spine, neck and head are compared
    with the joints of ``J_regressor_h36m`` at those places.

    Args:
        joints: ``[T, 17, 3]`` in the order of ``annot_data.mat``.

    Returns:
        ``[T, 17, 3]`` in the order of ``h36m_17``.
    """
    same = {'h36m_pelvis': 'pelvis', 'h36m_neck': 'neck'}
    names = [same.get(name, name) for name in keypoint_names('h36m_17')]
    return joints[:, keypoint_index(CONVENTION, names)]


def read_annotations(
    path: Path, fields: tuple[str, ...]
) -> dict[str, np.ndarray]:
    """Arrays of an ``annot_data.mat`` (MATLAB 7.3, which is HDF5).

    Args:
        path: The file.
        fields: Which of its arrays.

    Returns:
        ``annot2 [T, 17, 2]`` (px), ``annot3`` and ``univ_annot3
        [T, 17, 3]`` (mm), ``valid_frame [T]``.

    Raises:
        InputError: If it cannot be read, or an array is absent or of another
            shape.
        MissingDependencyError: If h5py is not installed.
    """
    h5py = require('h5py', 'reading annot_data.mat', extra('datasets'))
    try:
        with h5py.File(path, 'r') as file:
            found = {n: np.asarray(file[n], float) for n in fields}
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise InputError(path, 'file', f'cannot be read ({error})', FIX) from (
            error
        )
    count = found['valid_frame'].size
    joints = len(keypoint_names(CONVENTION))
    out = {}
    for name, value in found.items():
        width = {'annot2': (joints, 2), 'valid_frame': ()}.get(
            name, (joints, 3)
        )
        if value.size != count * int(np.prod(width)) or (
            width and value.shape[-2:] != width
        ):
            problem = f'{list(value.shape)} for {count} frames'
            raise InputError(path, name, problem, FIX)
        out[name] = value.reshape(count, *width)
    return out
