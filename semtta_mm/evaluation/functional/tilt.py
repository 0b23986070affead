"""Tilt and heading of the root apart: swing and twist about the vertical."""

from __future__ import annotations

from typing import NamedTuple

import roma
import torch
from torch import Tensor

from ...geometry import project_to_rotation
from .checks import check_shape

CAMERA_UP = (0.0, -1.0, 0.0)
"""Up in a camera's axes (y down) that is level."""


class RootErrors(NamedTuple):
    """Errors of the root's rotation.

    Attributes:
        tilt: Angle between the true and the predicted up direction in the
            axes of the body ``[T]``, degrees, 0 to 180.
        heading: Signed rotation about the vertical that remains ``[T]``,
            degrees in [-180, 180); not defined at a tilt of 180.
        tilt_constant: The same of the mean error over the track, degrees.
        heading_constant: The same of the mean error, degrees, signed.
    """

    tilt: Tensor
    heading: Tensor
    tilt_constant: float
    heading_constant: float


def root_errors(prediction: Tensor, target: Tensor, up: Tensor) -> RootErrors:
    """Split the error of the root into tilt and heading.

    The error ``prediction @ target.mT`` is a twist about the vertical and a
    swing of the vertical. The mean error is the rotation nearest to the mean
    of the errors' matrices: what a camera with another tilt would add.

    Args:
        prediction: Root rotations ``[T, 3, 3]``.
        target: The same, true, in the same axes.
        up: Unit vectors against gravity in these axes ``[T, 3]``.

    Raises:
        InputError: On other shapes.
    """
    name, frames = 'root_errors', len(prediction)
    check_shape(name, 'prediction', prediction.shape, ('T', 3, 3))
    check_shape(name, 'target', target.shape, (frames, 3, 3))
    check_shape(name, 'up', up.shape, (frames, 3))
    error = prediction @ target.mT
    tilt, heading = swing_and_twist(error, up)
    mean = project_to_rotation(error.mean(dim=0))
    middle = torch.nn.functional.normalize(up.mean(dim=0), dim=0)
    constant = swing_and_twist(mean[None], middle[None])
    return RootErrors(tilt, heading, float(constant[0]), float(constant[1]))


def swing_and_twist(turn: Tensor, axis: Tensor) -> tuple[Tensor, Tensor]:
    """Angles of the parts of rotations across and about an axis.

    Args:
        turn: Rotations ``[T, 3, 3]``.
        axis: Unit vectors ``[T, 3]``.

    Returns:
        The angle between the axis before and after ``[T]``, and the signed
        angle about it in [-180, 180) ``[T]``, degrees.
    """
    vector, real = roma.rotmat_to_unitquat(turn).split((3, 1), dim=-1)
    along = (vector * axis).sum(-1)
    across = torch.linalg.vector_norm(
        torch.linalg.cross(vector, axis.to(vector)), dim=-1
    )
    both = torch.hypot(along, real[:, 0])
    swing = 2 * torch.atan2(across, both).rad2deg()
    twist = 2 * torch.atan2(along, real[:, 0]).rad2deg()
    return swing, (twist + 180) % 360 - 180
