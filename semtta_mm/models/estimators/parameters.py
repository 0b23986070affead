"""Another system's bodies as an estimator, which adapts a residual."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Any, ClassVar

import torch
from torch import Tensor, nn

from ...datasets import TrackFrames
from ...datasets.body_estimates import (
    find_estimates,
    read_estimates,
    sample_estimates,
)
from ...geometry import axis_angle_to_matrix, guess_intrinsics
from ...geometry.knots import Knots
from ...registry import MODELS
from ...structures import BodyEstimates, MeshPrediction, SMPLParams
from ...utils import InputError
from ...utils.required_files import RequiredFile, path_exists
from .base import MeshEstimator, TrackInputs

_PLACE = 0.3
"""Scale of the residual of the place: lr of rotations, in radians, suits."""


@MODELS.register_module()
class ParameterEstimator(MeshEstimator):
    """Bodies of a file, and a residual that adapts to each track.

    So results of any mesh recovery system (4D-Humans, WHAM, GVHMR ...) are
    refined under the losses, hooks and labels of this package, without its
    network; images are not read. Parameters of a track:

    - rotation vectors ``d [M, 24, 3]`` at knots in time, linear between
      them; the pose is ``R @ exp(d)``;
    - of the place ``[M, 1, 3]``: right, down, and logarithm of the depth, in
      depths;
    - of the shape ``[10]``, for the whole track.

    All are 0 at first, so that the un-adapted prediction is the file's. The
    camera is that of the file, else that of the track, else guessed (focal
    length of the image's diagonal, as WHAM does), and rotations are in its
    axes. The adaptor needs ``adapts='head'``.

    Args:
        file: File of the bodies, or folder with a file of each track, see
            :func:`.read_estimates`.
        knot_seconds: Time between knots, s; 0 gives each frame a residual of
            its own.
        **kwargs: See :class:`MeshEstimator`.

    Raises:
        InputError: When a track begins: if its file is missing or damaged,
            or its frames have no bodies.
    """

    reads_images: ClassVar[bool] = False
    required_files: ClassVar[tuple[RequiredFile, ...]] = (
        RequiredFile(
            'file',
            'bodies of another system',
            'see docs/any_estimator.md',
            lambda value, _: path_exists(value),
        ),
    )

    def __init__(
        self,
        file: str | PathLike[str],
        knot_seconds: float = 0.2,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.file, self.knot_seconds = file, knot_seconds
        self._base: BodyEstimates | None = None
        self._knots = Knots(1, 1)
        self._reset(2)

    def _reset(self, knots: int) -> None:
        """Residuals of 0; parameters of a track have their own size."""
        zeros = self.mean.new_zeros
        self.rotation = nn.Parameter(zeros(knots, 24, 3))
        self.place = nn.Parameter(zeros(knots, 1, 3))
        self.shape = nn.Parameter(zeros(10))

    def restore(self, state: Mapping[str, Tensor]) -> None:
        """See :meth:`MeshEstimator.restore`; :meth:`begin_track` does it."""

    def begin_track(self, frames: TrackFrames) -> TrackInputs:
        """See :meth:`MeshEstimator.begin_track`."""
        path = find_estimates(self.file, frames.name)
        found = sample_estimates(
            read_estimates(path), frames.frame_ids, frames.fps, path
        )
        camera = found.intrinsics
        if camera is None:
            camera = _camera(frames, path)
        self._base = found
        step = self.knot_seconds * frames.track.rate
        self._knots = Knots(len(frames), step)
        self._reset(len(self._knots.frames))
        return TrackInputs(torch.arange(len(frames)), camera)

    def train_head_only(self) -> None:
        """See :meth:`MeshEstimator.train_head_only`; all parameters adapt."""

    def head_modules(self) -> list[nn.Module]:
        """See :meth:`MeshEstimator.head_modules`."""
        return [self]

    def forward_head(self, features: Tensor) -> MeshPrediction:
        """Bodies of frames.

        Args:
            features: Positions of the frames in the track ``[U]``.

        Returns:
            The bodies; their ``camera`` is the translation, m.

        Raises:
            RuntimeError: Before :meth:`begin_track`.
        """
        if self._base is None:
            raise RuntimeError('ParameterEstimator: call begin_track first')
        base = self._base.params[features.cpu()].to(self.mean.device)
        turn = axis_angle_to_matrix(self._knots(self.rotation, features))
        place = _PLACE * self._knots(self.place, features)[:, 0]
        params = SMPLParams.from_pose(
            base.pose @ turn, base.betas + self.shape
        )
        assert base.transl is not None
        depth = base.transl[:, 2:] * place[:, 2:].exp()
        aside = (
            base.transl[:, :2] / base.transl[:, 2:] + place[:, :2]
        ) * depth
        return MeshPrediction(params, torch.cat((aside, depth), dim=1))

    def predict(self, images: Tensor) -> MeshPrediction:
        """Not used: there is no network."""
        raise NotImplementedError(
            "ParameterEstimator has no network; set model.adapts='head'"
        )

    def locate(
        self, camera: Tensor, boxes: Tensor, intrinsics: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """See :meth:`MeshEstimator.locate`; the camera is a translation."""
        if intrinsics is None:
            raise RuntimeError('ParameterEstimator: call begin_track first')
        return camera, intrinsics


def _camera(frames: TrackFrames, path: str | PathLike[str]) -> Tensor:
    """Camera of the track, or a guess from its images ``[T, 3, 3]``."""
    if frames.intrinsics is not None:
        return frames.intrinsics
    size = frames.image_size
    if size is None:
        fix = 'add cam_intrinsics, or give the track its video'
        raise InputError(path, 'cam_intrinsics', 'is absent', fix)
    return guess_intrinsics(*size).expand(len(frames), 3, 3)
