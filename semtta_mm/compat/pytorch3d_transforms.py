"""The nine functions of ``pytorch3d.transforms`` that mmhuman3d imports.

pytorch3d has to be compiled, and mmhuman3d's leaf modules need these
functions only; without them ``utils.transforms`` raises a ``NameError`` at
the first call. Same names, arguments and conventions as pytorch3d: real part
first in quaternions, upper-case intrinsic Euler conventions, 6D by rows.
"""

import roma
import torch
from torch import Tensor

from ..geometry import (
    axis_angle_to_matrix,
    matrix_to_rot6d,
    rot6d_to_matrix,
)

__all__ = [
    'axis_angle_to_matrix',
    'axis_angle_to_quaternion',
    'euler_angles_to_matrix',
    'matrix_to_euler_angles',
    'matrix_to_quaternion',
    'matrix_to_rotation_6d',
    'quaternion_to_axis_angle',
    'quaternion_to_matrix',
    'rotation_6d_to_matrix',
]


def axis_angle_to_quaternion(axis_angle: Tensor) -> Tensor:
    """Axis-angle ``[..., 3]``, radians, to ``[..., 4]`` (w, x, y, z)."""
    return roma.quat_xyzw_to_wxyz(roma.rotvec_to_unitquat(axis_angle))


def quaternion_to_axis_angle(quaternions: Tensor) -> Tensor:
    """Unit quaternions ``[..., 4]`` to axis-angle ``[..., 3]``, radians."""
    return roma.unitquat_to_rotvec(roma.quat_wxyz_to_xyzw(quaternions))


def quaternion_to_matrix(quaternions: Tensor) -> Tensor:
    """Quaternions ``[..., 4]``, of any length, to ``[..., 3, 3]``."""
    unit = torch.nn.functional.normalize(quaternions, dim=-1)
    return roma.unitquat_to_rotmat(roma.quat_wxyz_to_xyzw(unit))


def matrix_to_quaternion(matrix: Tensor) -> Tensor:
    """Rotations ``[..., 3, 3]`` to ``[..., 4]``, real part not negative."""
    quaternion = roma.quat_xyzw_to_wxyz(roma.rotmat_to_unitquat(matrix))
    return torch.where(quaternion[..., :1] < 0, -quaternion, quaternion)


def euler_angles_to_matrix(euler_angles: Tensor, convention: str) -> Tensor:
    """Angles ``[..., 3]``, radians, to ``[..., 3, 3]``.

    Args:
        euler_angles: Angles in the order of ``convention``.
        convention: Like ``'XYZ'``: the product of the three in that order.
    """
    return roma.euler_to_rotmat(convention, euler_angles)


def matrix_to_euler_angles(matrix: Tensor, convention: str) -> Tensor:
    """Inverse of :func:`euler_angles_to_matrix`."""
    return roma.rotmat_to_euler(convention, matrix)


def rotation_6d_to_matrix(d6: Tensor) -> Tensor:
    """6D by rows ``[..., 6]`` to ``[..., 3, 3]``."""
    return rot6d_to_matrix(d6, 'rows')


def matrix_to_rotation_6d(matrix: Tensor) -> Tensor:
    """Rotations ``[..., 3, 3]`` to 6D by rows ``[..., 6]``."""
    return matrix_to_rot6d(matrix, 'rows')
