"""Checks of official SMPL bodies and of regressors of their vertices."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ...conventions import SMPL_JOINTS, keypoint_names
from ...models.bodies.h36m_rows import far_limbs, in_our_order, left_leg_first
from ...models.bodies.loading import BodyFile
from ...models.bodies.recipes import SMPL_VERTICES
from ...models.bodies.sources import read_matrix
from ...utils import InputError

FACES = 13776
"""Faces of SMPL's mesh (Loper et al., SIGGRAPH Asia 2015)."""

REGRESSOR_ROWS = {
    'J_regressor_h36m.npy': 17,
    'J_regressor_h36m_correct.npy': 17,
    'J_regressor_h36m_smpl.npy': 17,
    'J_regressor_extra.npy': 9,
}
"""Published files to their number of joints: SPIN's, Pose2Mesh's and
CycleAdapt's of Human3.6M's joints; SPIN's further joints."""

H36M = 'J_regressor_h36m.npy'
"""File name in the configs."""

_HEIGHT = (1.4, 2.2)
"""Range of the height of a mean body, m."""
_FIX = 'give the original file of the SMPL web site'
_REGRESSOR_FIX = 'give the file of SPIN, Pose2Mesh, CycleAdapt or mmhuman3d'


def check_official(body: BodyFile) -> None:
    """Raise for files with SMPL's fields that are not SMPL.

    Args:
        body: Read and checked by :func:`.load_body`.

    Raises:
        InputError: If it has another mesh, no pose blend shapes, weights
            that do not sum to one, or no upright T-pose in metres.
    """

    def reject(field: str, problem: str) -> None:
        raise InputError(body.path, field, problem, _FIX)

    if body.topology:
        reject('topology', f'is {body.topology}, not SMPL')
    if len(body.v_template) != SMPL_VERTICES:
        found = len(body.v_template)
        reject('v_template', f'has {found} vertices, SMPL {SMPL_VERTICES}')
    if len(body.faces) != FACES:
        reject('f', f'has {len(body.faces)} faces, SMPL {FACES}')
    if body.posedirs is None:
        reject('posedirs', 'is absent')
    for field, rows in (
        ('weights', body.weights),
        ('J_regressor', body.joint_regressor),
    ):
        off = float(np.abs(rows.sum(axis=1) - 1).max())
        if off > 1e-3:
            reject(field, f'rows must sum to one, off by {off:.3g}')
    height = float(np.ptp(body.v_template[:, 1]))
    if not _HEIGHT[0] < height < _HEIGHT[1]:
        problem = f'is {height:.2f} high along y, SMPL 1.4 to 2.2 metres'
        reject('v_template', problem)
    joints = body.joint_regressor @ body.v_template
    above = joints[SMPL_JOINTS.index('head'), 1]
    if above < joints[SMPL_JOINTS.index('left_ankle'), 1]:
        reject('v_template', 'has the head below the ankles')


def read_regressor(path: Path, body: BodyFile) -> tuple[np.ndarray, str]:
    """Read and check a regressor of joints from SMPL's vertices.

    Args:
        path: ``J_regressor_*.npy``.
        body: Official SMPL, of any gender.

    Returns:
        The matrix ``[K, 6890]``, that of Human3.6M's joints with the right
        leg first, and a description of the file.

    Raises:
        InputError: If it is of another shape, not finite, its rows do not
            sum to one, or Human3.6M's limbs are far from SMPL's.
    """
    matrix, _ = read_matrix(path)
    count = REGRESSOR_ROWS.get(path.name)
    rows = 'K' if count is None else str(count)
    if matrix.ndim != 2 or matrix.shape != (
        count or len(matrix),
        len(body.v_template),
    ):
        found = list(matrix.shape)
        problem = f'expected [{rows}, {len(body.v_template)}], got {found}'
        raise InputError(path, 'shape', problem, _REGRESSOR_FIX)
    if matrix.dtype.kind not in 'fiu' or not np.isfinite(matrix).all():
        problem = 'contains NaN or is not numeric'
        raise InputError(path, 'values', problem, _REGRESSOR_FIX)
    off = float(np.abs(matrix.sum(axis=1) - 1).max())
    if off > 1e-2:
        problem = f'rows must sum to one, off by {off:.3g}'
        raise InputError(path, 'values', problem, _REGRESSOR_FIX)
    if count != len(keypoint_names('h36m_17')):
        return matrix, f'{len(matrix)} joints'
    return _right_leg_first(path, matrix, body)


def _right_leg_first(
    path: Path, matrix: np.ndarray, body: BodyFile
) -> tuple[np.ndarray, str]:
    names = keypoint_names('h36m_17')
    rows = dict(zip(names, matrix, strict=True))
    turned = left_leg_first(rows, body)
    rows = in_our_order(rows, body)
    if far := far_limbs(rows, body):
        problem = f"are not Human3.6M's of this mesh: {', '.join(far)} off"
        raise InputError(path, 'joints', problem, _REGRESSOR_FIX)
    found = '17 joints of Human3.6M, ' + (
        'left leg first as in SPIN: sorted' if turned else 'right leg first'
    )
    return np.stack([rows[name] for name in names]), found
