"""Reference motions from a file, such as those of a motion generator.

======= =================== ==============================================
field   shape               meaning
======= =================== ==============================================
label   [N]                 action labels, strings; one may occur often
pose    [N, T, 24, 3] or    SMPL rotations relative to the parent, radians
        [N, T, 24, 3, 3]    (axis-angle), or rotation matrices; of the
                            root anything
fps     [] or [N]           frames per second
length  [N]                 frames of each motion that count, from the
                            first; may be absent
======= =================== ==============================================

Generators of the HumanML3D format, such as MotionGPT and MDM, give joint
positions: fit SMPL to them first (their own scripts do), because their
rotations are not SMPL's.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...conventions import NUM_JOINTS
from ...geometry import axis_angle_to_matrix
from ...geometry.resampling import (
    MOTION_RATE,
    frame_positions,
    sample_rotations,
)
from ...registry import MODELS
from ...utils import InputError, read_npz
from ...utils.required_files import RequiredFile, path_exists
from ..motion_text import normalise
from .base import ReferenceMotions

_FIX = 'write label [N], pose [N, T, 24, 3] in radians, fps'
Arrays = dict[str, NDArray[Any]]


@MODELS.register_module()
class NpzMotions(ReferenceMotions):
    """Motions of a file with the fields above, resampled to 30 fps.

    Args:
        path: The file.

    Raises:
        InputError: If the file is missing or broken, or a field is absent
            or has a wrong shape or value.
    """

    required_files = (
        RequiredFile(
            'path', 'reference motions', f'{_FIX}, by any generator',
            path_exists,
        ),
    )  # fmt: skip

    def __init__(self, path: str | PathLike[str]) -> None:
        file = Path(path).expanduser()
        self._motions = read_motions(file)

    def motions(self, label: str) -> tuple[Tensor, ...]:
        """See :meth:`ReferenceMotions.motions`."""
        return self._motions.get(normalise(label), ())


def read_motions(path: Path) -> dict[str, tuple[Tensor, ...]]:
    """Motions of a file by label, ``[T, 24, 3, 3]`` at 30 fps.

    Args:
        path: See the module.

    Raises:
        InputError: See :class:`NpzMotions`.
    """
    data = read_npz(path, _FIX, ('label', 'pose', 'fps'))
    count, frames = _check_pose(path, data)
    rates = _each(path, data, 'fps', count)
    lengths = _lengths(path, data, count, frames)
    found: dict[str, tuple[Tensor, ...]] = {}
    for i, text in enumerate(data['label'].tolist()):
        motion = _matrices(data['pose'][i, : lengths[i]])
        at = frame_positions(len(motion), float(rates[i]), MOTION_RATE)
        label = normalise(str(text))
        found[label] = (*found.get(label, ()), sample_rotations(motion, at))
    return found


def _matrices(pose: NDArray[Any]) -> Tensor:
    """Axis-angle ``[T, 24, 3]`` or matrices as ``[T, 24, 3, 3]``."""
    values = torch.from_numpy(np.asarray(pose, np.float32))
    return axis_angle_to_matrix(values) if values.dim() == 3 else values


def _check_pose(path: Path, data: Arrays) -> tuple[int, int]:
    """Numbers of motions and frames."""
    pose, label = data['pose'], data['label']
    if label.ndim != 1 or label.dtype.kind != 'U' or not len(label):
        problem = f'is {label.dtype} {list(label.shape)}, not strings [N]'
        raise InputError(path, 'label', problem, _FIX)
    shape = pose.shape
    rests = ((NUM_JOINTS, 3), (NUM_JOINTS, 3, 3))
    if len(shape) < 4 or shape[2:] not in rests or not shape[1]:
        raise InputError(path, 'pose', f'is {list(shape)}', _FIX)
    if shape[0] != len(label):
        problem = f'has {shape[0]} motions for {len(label)} labels'
        raise InputError(path, 'pose', problem, _FIX)
    if pose.dtype.kind != 'f' or not np.isfinite(pose).all():
        problem = 'is not float, or holds NaN or infinity'
        raise InputError(path, 'pose', problem, _FIX)
    if pose.ndim == 5 and not _is_rotation(pose):
        problem = 'holds matrices that are no rotations'
        raise InputError(path, 'pose', problem, _FIX)
    return shape[0], shape[1]


def _is_rotation(pose: NDArray[Any]) -> bool:
    product = pose @ np.swapaxes(pose, -1, -2)
    proper = (np.linalg.det(pose) > 0).all()
    return bool(proper and np.allclose(product, np.eye(3), atol=1e-3))


def _each(path: Path, data: Arrays, name: str, count: int) -> NDArray[Any]:
    """A positive number for each motion ``[N]``."""
    values = data[name]
    if values.shape not in ((), (count,)) or values.dtype.kind not in 'fiu':
        raise InputError(path, name, f'is {list(values.shape)}', _FIX)
    if not (np.isfinite(values).all() and (values > 0).all()):
        raise InputError(path, name, 'is not above 0', _FIX)
    return np.broadcast_to(values, (count,))


def _lengths(
    path: Path, data: Arrays, count: int, frames: int
) -> NDArray[Any]:
    """Frames that count of each motion ``[N]``."""
    if 'length' not in data:
        return np.full(count, frames)
    lengths = _each(path, data, 'length', count)
    if lengths.dtype.kind not in 'iu' or (lengths > frames).any():
        problem = f'is above {frames}, the frames of pose, or not whole'
        raise InputError(path, 'length', problem, _FIX)
    return lengths
