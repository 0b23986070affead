"""What the formats are written from: a result, its body and its axes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..models.bodies import SMPLBody
from ..structures import SMPLParams
from ..utils import InputError
from .floor import lift_to_floor
from .motion import Motion, fill_gaps, one_shape, rest_joints
from .placement import Placement, level_axes, upright
from .result_file import ResultFile

_BATCH = 64
_TOLERANCE = 2e-3
"""Largest distance of a joint of the right body to that of the file, m."""


@dataclass(frozen=True)
class ExportTrack:
    """A person to export.

    Upright axes are x right, y up, z towards the camera. Without ``world``
    their origin is the camera. With it they are level, and height 0 is the
    floor; the camera is above the origin.

    Args:
        result: The result.
        body: The body that it was made with.
        world: Whether to place the person on a level floor; the camera must
            not have moved.

    Raises:
        InputError: If the result was made with another body.
    """

    result: ResultFile
    body: SMPLBody
    world: bool = False

    def __post_init__(self) -> None:
        joints = _joints(self.body, self.result.params)
        away = np.abs(joints.numpy() - self.result.joints3d).max()
        if away > _TOLERANCE:
            raise InputError(
                self.result.name,
                'joints3d',
                f'are up to {1000 * away:.0f} mm from those of this body',
                'give the body that the result was made with, e.g. '
                '--smpl-model $SMPL_MODEL_DIR',
            )

    @cached_property
    def placement(self) -> Placement:
        """From the camera's frame to the exported one."""
        result = self.result
        if not self.world:
            return upright(len(result))
        up = np.tile(np.array([0, -1, 0], np.float32), (len(result), 1))
        if result.up is not None:
            up = result.up.astype(np.float32)
        rotation = level_axes(torch.from_numpy(up))
        lowest = torch.cat(
            [(v @ rotation[1]).amin(dim=1) for v in self._camera_meshes()]
        )
        raised = lift_to_floor(
            lowest.double().numpy(),
            result.frame_ids,
            result.fps,
            result.stride,
        )
        offset = torch.zeros(len(result), 3)
        offset[:, 1] = torch.from_numpy(raised).float()
        return Placement(rotation, offset)

    @cached_property
    def params(self) -> SMPLParams:
        """Bodies of the track's frames in upright axes, m."""
        params = self.result.params
        pelvis = rest_joints(self.body, params.betas)[:, 0]
        return self.placement.bodies(params, pelvis)

    def meshes(self) -> Iterator[Tensor]:
        """Meshes of the track's frames, some at a time.

        Yields:
            ``[N, V, 3]``, m, upright axes.
        """
        start = 0
        for vertices in self._camera_meshes():
            part = slice(start, start + len(vertices))
            place = Placement(
                self.placement.rotation, self.placement.offset[part]
            )
            yield place.points(vertices)
            start = part.stop

    def _camera_meshes(self) -> Iterator[Tensor]:
        """Meshes ``[N, V, 3]``, m, camera frame; all would fill a memory."""
        params = self.result.params.to(self.body.v_template.device)
        for start in range(0, len(params), _BATCH):
            with torch.no_grad():
                part = params[slice(start, start + _BATCH)]
                vertices = self.body(part, keypoints=()).vertices
            assert vertices is not None
            yield vertices.cpu()

    @property
    def faces(self) -> NDArray[Any]:
        """Triangles ``[F, 3]``."""
        faces: NDArray[Any] = self.body.faces.cpu().numpy()
        return faces

    @cached_property
    def motion(self) -> Motion:
        """At a constant rate, with one shape; gaps are interpolated."""
        result = self.result
        params = one_shape(self.params, self.body)
        filled, found = fill_gaps(params, result.frame_ids, result.stride)
        first, last = result.frame_ids[[0, -1]]
        numbers = np.arange(first, last + 1, result.stride)
        return Motion(filled, numbers, result.rate, ~found)


Writer = Callable[[ExportTrack, Path], Path]
"""Writes a person's files into a folder and returns the file, or the folder
of a sequence of files."""


def _joints(body: SMPLBody, params: SMPLParams) -> Tensor:
    with torch.no_grad():
        return body.joints_only(params.to(body.v_template.device)).cpu()
