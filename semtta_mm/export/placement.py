"""From the camera's frame to upright axes, and to a world with a floor."""

from __future__ import annotations

from dataclasses import dataclass, replace

import torch
from torch import Tensor

from ..structures import SMPLParams


@dataclass(frozen=True)
class Placement:
    """A rigid motion out of the camera's frame: ``R x + offset``.

    Note:
        - frames of the track: T

    Attributes:
        rotation: Camera axes (x right, y down, z forward) to upright axes
            (x right, y up, z towards the camera) ``[3, 3]``.
        offset: Of each frame ``[T, 3]``, m, in upright axes.
    """

    rotation: Tensor
    offset: Tensor

    def points(self, points: Tensor) -> Tensor:
        """Place points.

        Args:
            points: ``[T, N, 3]``, m, camera frame.

        Returns:
            ``[T, N, 3]``, m.
        """
        return points @ self.rotation.T + self.offset[:, None]

    def bodies(self, params: SMPLParams, pelvis: Tensor) -> SMPLParams:
        """Place bodies.

        SMPL turns a body about its pelvis, which is not its origin: a turn
        of ``global_orient`` alone would move the body.

        Args:
            params: With a translation, camera frame.
            pelvis: Pelvis of each body at rest ``[T, 3]``, m.
        """
        assert params.transl is not None
        moved = (params.transl + pelvis) @ self.rotation.T + self.offset
        return replace(
            params,
            global_orient=self.rotation @ params.global_orient,
            transl=moved - pelvis,
        )


def upright(count: int) -> Placement:
    """The camera's own axes with y up: x right, y up, z backwards.

    Args:
        count: Number of frames, T.
    """
    rotation = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
    return Placement(rotation, torch.zeros(count, 3))


def level_axes(up: Tensor) -> Tensor:
    """Rotation from the camera to level axes that look the same way.

    Args:
        up: Up directions of a static camera ``[T, 3]``, unit vectors, camera
            frame; their mean is used.

    Returns:
        ``[3, 3]``: rows are x right, y up, z level and towards the camera.
        If the camera looks straight up or down, the picture's vertical
        takes the place of its forward direction.
    """
    y = torch.nn.functional.normalize(up.mean(dim=0), dim=0)
    back = up.new_tensor([0.0, 0.0, -1.0])
    if y[2].abs() > 0.999:
        back = up.new_tensor([0.0, -1.0, 0.0]) * y[2].sign()
    x = torch.nn.functional.normalize(torch.linalg.cross(y, back), dim=0)
    return torch.stack([x, y, torch.linalg.cross(x, y)])
