"""Initial parameters of the iterative regressor (HMR, CVPR 2018).

They are part of the network. The default of mmhuman3d's head is an all-zero
6D pose, which is not a rotation and gives wrong bodies with correct weights.
So they are always given: a file, or the upright body defined here.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...conventions import NUM_BETAS, NUM_JOINTS, SMPL_JOINTS
from ...geometry import axis_angle_to_matrix, matrix_to_rot6d, rot6d_to_matrix
from ...utils import InputError, read_npz

_HELP = (
    "give 'standing' or the smpl_mean_params.npz of the checkpoint's "
    'authors (keys pose (144,), shape (10,), cam (3,))'
)


@dataclass(frozen=True)
class MeanParams:
    """Initial parameters of the regression.

    Attributes:
        pose: Rotation matrices ``[24, 3, 3]``.
        betas: ``[10]``.
        camera: ``(s, tx, ty)`` ``[3]``.
        rot6d: The pose as stored in the file ``[144]``, layout
            ``interleave``; the regression adds to these numbers, orthonormal
            or not. None takes those of ``pose``.
    """

    pose: Tensor
    betas: Tensor
    camera: Tensor
    rot6d: Tensor | None = None


def standing_mean_params() -> MeanParams:
    """Upright, facing the camera, arms hanging 20 degrees from the body.

    With the camera scale 0.9 a body of 1.7 m fills 0.9 * 1.7 / 2 = 77 % of
    the crop, as in a box padded by 1.2.
    """
    pose = torch.zeros(NUM_JOINTS, 3)
    pose[0, 0] = torch.pi  # SMPL is y up, the camera y down
    for side, sign in (('left', -1.0), ('right', 1.0)):
        joint = SMPL_JOINTS.index(f'{side}_shoulder')
        pose[joint, 2] = sign * np.deg2rad(70)
    return MeanParams(
        pose=axis_angle_to_matrix(pose),
        betas=torch.zeros(NUM_BETAS),
        camera=torch.tensor([0.9, 0.0, 0.0]),
    )


def load_mean_params(source: str | Path) -> MeanParams:
    """Read mean parameters.

    Args:
        source: ``'standing'`` or a path to SPIN's
            ``smpl_mean_params.npz`` (6D in layout ``interleave``).

    Raises:
        InputError: If the file is missing, broken or of another shape.
    """
    if source == 'standing':
        return standing_mean_params()
    raw = read_npz(source, _HELP, required=('pose', 'shape', 'cam'))
    values = [
        _field(Path(source), name, raw[name], size)
        for name, size in (('pose', 144), ('shape', 10), ('cam', 3))
    ]
    pose = rot6d_to_matrix(values[0].reshape(NUM_JOINTS, 6), 'interleave')
    return MeanParams(pose, values[1], values[2], values[0])


def _field(path: Path, name: str, raw: NDArray[Any], size: int) -> Tensor:
    value = torch.as_tensor(raw, dtype=torch.float32).flatten()
    if len(value) != size:
        raise InputError(
            path, name, f'has {len(value)} numbers, not {size}', _HELP
        )
    if not value.isfinite().all():
        raise InputError(path, name, 'contains NaN or infinity', _HELP)
    return value


def as_rot6d(mean: MeanParams) -> Tensor:
    """Pose in the format of the head: ``[1, 144]``, ``interleave``."""
    if mean.rot6d is not None:
        return mean.rot6d.reshape(1, -1)
    return matrix_to_rot6d(mean.pose, 'interleave').reshape(1, -1)
