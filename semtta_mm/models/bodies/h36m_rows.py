"""Which leg comes first in a regressor of Human3.6M's joints.

Two files of the same shape are around. SPIN's ``J_regressor_h36m.npy`` has
the left leg in rows 1 to 3: its ``constants.py`` (nkolot/SPIN) takes the
right ankle from row 6, and mmhuman3d's ``H36M_KEYPOINTS`` agrees.
Pose2Mesh's ``J_regressor_h36m_correct.npy``, which CycleAdapt uses under
another name, has the right leg first, as Human3.6M itself. Against another
mesh the two give the same errors; against measured joints, as in
MPI-INF-3DHP, the wrong one crosses the legs. The mesh itself determines which
it is.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ...conventions import SMPL_JOINTS
from .loading import BodyFile

_LEG = ('hip', 'knee', 'ankle')
_ARM = ('shoulder', 'elbow', 'wrist')
_MARGIN = 0.05
"""A joint is on the other side if it is so much nearer to it, m."""

Rows = dict[str, np.ndarray]


def in_our_order(rows: Rows, body: BodyFile) -> Rows:
    """Rows by their true names.

    Args:
        rows: Name to weights of the vertices ``[V]``, named as if the right
            leg came first.
        body: Whose vertices they are.

    Returns:
        The rows; those of the legs exchanged if the left one came first.
    """
    if not left_leg_first(rows, body):
        return rows
    twin = {f'left_{part}': f'right_{part}' for part in _LEG}
    twin |= {right: left for left, right in twin.items()}
    return {name: rows[twin.get(name, name)] for name in rows}


def left_leg_first(rows: Mapping[str, np.ndarray], body: BodyFile) -> bool:
    """Whether knees and ankles lie on the other side of the body.

    Args:
        rows: See :func:`in_our_order`.
        body: In its T-pose, which the rows are applied to.
    """
    return all(
        _distance(rows, body, name, _other(name)) + _MARGIN
        < _distance(rows, body, name, name)
        for name in ('left_knee', 'right_knee', 'left_ankle', 'right_ankle')
    )


def far_limbs(
    rows: Mapping[str, np.ndarray], body: BodyFile, least: float = 0.15
) -> list[str]:
    """Limbs that are far from SMPL's joints of the same name.

    Args:
        rows: See :func:`in_our_order`.
        body: In its T-pose.
        least: From which distance on, m.

    Returns:
        ``'left_knee (0.41 m)'`` each; empty for a regressor of this mesh in
        this order.
    """
    limbs = [f'{side}_{p}' for p in _LEG + _ARM for side in ('left', 'right')]
    found = {name: _distance(rows, body, name, name) for name in limbs}
    return [f'{name} ({d:.2f} m)' for name, d in found.items() if d > least]


def _distance(
    rows: Mapping[str, np.ndarray], body: BodyFile, name: str, joint: str
) -> float:
    """From a regressed joint to one of SMPL's, m."""
    regressor = body.joint_regressor[SMPL_JOINTS.index(joint)]
    return float(np.linalg.norm((rows[name] - regressor) @ body.v_template))


def _other(name: str) -> str:
    side, _, part = name.partition('_')
    return f'{"right" if side == "left" else "left"}_{part}'
