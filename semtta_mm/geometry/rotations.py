"""Rotations: one place for every representation, thin over ``roma``.

Only rotation **matrices** cross module borders. A 6D vector is always made
and read here, with its layout given, because this field has three layouts
that agree on the identity only
(R = [[r00, r01, r02], [r10, r11, r12], [r20, r21, r22]]):

========== ============================== ================================
layout     entries                        used by
========== ============================== ================================
interleave r00 r01 r10 r11 r20 r21        SPIN, HMR, CycleAdapt, MDNet
columns    r00 r10 r20 r01 r11 r21        HMR2.0
rows       r00 r01 r02 r10 r11 r12        MotionCLIP, pytorch3d
========== ============================== ================================
"""

from typing import Literal

import roma
import torch
from torch import Tensor

Layout = Literal['interleave', 'columns', 'rows']


def axis_angle_to_matrix(axis_angle: Tensor) -> Tensor:
    """Rodrigues' formula.

    Args:
        axis_angle: ``[..., 3]``, radians.

    Returns:
        Rotation matrices ``[..., 3, 3]``.
    """
    matrix: Tensor = roma.rotvec_to_rotmat(axis_angle)
    return matrix


def matrix_to_axis_angle(matrix: Tensor) -> Tensor:
    """Inverse of :func:`axis_angle_to_matrix`.

    Args:
        matrix: Rotation matrices ``[..., 3, 3]``.

    Returns:
        Axis-angle ``[..., 3]``, angle in ``[0, pi]`` radians.
    """
    axis_angle: Tensor = roma.rotmat_to_rotvec(matrix)
    return axis_angle


def _two_vectors(rot6d: Tensor, layout: Layout) -> Tensor:
    """Read the two stored vectors as columns ``[..., 3, 2]``."""
    if rot6d.shape[-1] != 6:
        raise ValueError(f'expected [..., 6], got {tuple(rot6d.shape)}')
    if layout == 'interleave':
        return rot6d.reshape(*rot6d.shape[:-1], 3, 2)
    if layout in ('columns', 'rows'):
        return rot6d.reshape(*rot6d.shape[:-1], 2, 3).transpose(-1, -2)
    raise ValueError(
        f"unknown 6D layout {layout!r}; one of 'interleave', 'columns', 'rows'"
    )


def rot6d_to_matrix(rot6d: Tensor, layout: Layout) -> Tensor:
    """Gram-Schmidt on the two stored vectors (Zhou et al., CVPR 2019).

    Args:
        rot6d: ``[..., 6]``.
        layout: Which two vectors are stored, and in which order.

    Returns:
        Rotation matrices ``[..., 3, 3]``. The axis of the cross product is
        given, so a batch of exactly three rotations is correct too.
    """
    vectors = _two_vectors(rot6d, layout)
    matrix: Tensor = roma.special_gramschmidt(
        vectors, epsilon=torch.finfo(rot6d.dtype).tiny
    )
    return matrix.transpose(-1, -2) if layout == 'rows' else matrix


def matrix_to_rot6d(matrix: Tensor, layout: Layout) -> Tensor:
    """Inverse of :func:`rot6d_to_matrix`.

    Args:
        matrix: Rotation matrices ``[..., 3, 3]``.
        layout: Which two vectors to store, and in which order.

    Returns:
        ``[..., 6]``.
    """
    if matrix.shape[-2:] != (3, 3):
        raise ValueError(f'expected [..., 3, 3], got {tuple(matrix.shape)}')
    if layout == 'rows':
        return matrix[..., :2, :].flatten(-2)
    if layout == 'columns':
        return matrix[..., :2].transpose(-1, -2).flatten(-2)
    if layout == 'interleave':
        return matrix[..., :2].flatten(-2)
    raise ValueError(
        f"unknown 6D layout {layout!r}; one of 'interleave', 'columns', 'rows'"
    )


def project_to_rotation(matrix: Tensor) -> Tensor:
    """Nearest rotation in the Frobenius norm.

    Args:
        matrix: Any ``[..., 3, 3]``, e.g. a mean of rotation matrices.

    Returns:
        Rotation matrices ``[..., 3, 3]``, determinant +1.
    """
    rotation: Tensor = roma.special_procrustes(matrix)
    return rotation


def rotation_angle(first: Tensor, second: Tensor) -> Tensor:
    """Geodesic distance between two rotations.

    Args:
        first: Rotation matrices ``[..., 3, 3]``.
        second: Rotation matrices, broadcastable to ``first``.

    Returns:
        Angles ``[...]``, radians.
    """
    angle: Tensor = roma.rotmat_geodesic_distance(first, second)
    return angle
