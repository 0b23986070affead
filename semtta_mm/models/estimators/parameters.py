"""Another system's bodies as an estimator, which adapts a residual."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from os import PathLike
from types import MappingProxyType
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
from ...geometry.cameras import box_centre_side
from ...geometry.knots import Knots
from ...registry import MODELS
from ...structures import BodyEstimates, MeshPrediction, SMPLParams
from ...utils import InputError
from ...utils.required_files import RequiredFile, path_exists
from .base import MeshEstimator, TrackInputs

_PLACE = 0.3
"""Scale of the residual of the place: lr of rotations, in radians, suits."""
REST_PELVIS = MappingProxyType(
    {
        'smpl': (-0.002, -0.241, 0.029),
        'smplx': (0.003, -0.351, 0.012),
        'open': (0.0, 0.0, 0.0),
    }
)
"""Pelvis of the mean shape before it is posed, m: a translation is from
there. To about 1 cm; the residual of the place takes the rest."""


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

    All are 0 at first, so that the un-adapted prediction is the file's. A
    file with translations is in a camera: its own, else that of the track,
    else a guessed one (focal length of the image's diagonal, as WHAM does);
    rotations are in its axes. A file with weak perspective is in the axes of
    its crops, as a network's output. The adaptor needs ``adapts='head'``.

    Where the file has another body model than the adaptor, pelvis and pose
    are kept; shape coefficients of another model mean nothing and become 0.

    Args:
        file: File of the bodies, or folder with a file of each track, see
            :func:`.read_estimates`.
        knot_seconds: Time between knots, s; 0 gives each frame a residual of
            its own.
        body: Model of the adaptor's body: ``'open'`` or ``'smpl'``.
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
        body: str = 'open',
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if body not in REST_PELVIS:
            raise ValueError(f"body: {body!r} is unknown; use 'open', 'smpl'")
        self.file, self.knot_seconds, self.body = file, knot_seconds, body
        self._base: BodyEstimates | None = None
        self._crops: Tensor | None = None
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
        self._base = for_body(found, self.body)
        step = self.knot_seconds * frames.track.rate
        times = (frames.frame_ids - frames.frame_ids[0]) / frames.stride
        self._knots = Knots(len(frames), step, times)
        self._reset(int(self._knots.low.max()) + 2)
        rows = torch.arange(len(frames))
        if found.crops is not None:
            self._crops = in_boxes(found.crops, frames.boxes)
            return TrackInputs(rows)
        camera = found.intrinsics
        if camera is None:
            camera = _camera(frames, path)
        self._crops = None
        return TrackInputs(rows, camera)

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
            The bodies; their ``camera`` is the translation, m, of a file
            with translations, else weak perspective in the track's boxes.

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
        return MeshPrediction(params, self._placed(base, place, features))

    def _placed(
        self, base: SMPLParams, place: Tensor, features: Tensor
    ) -> Tensor:
        """Translation or weak perspective ``[U, 3]`` with its residual."""
        if self._crops is not None:
            weak = self._crops[features.cpu()].to(place)
            scale = weak[:, :1] * (-place[:, 2:]).exp()
            return torch.cat((scale, weak[:, 1:] + place[:, :2]), dim=1)
        assert base.transl is not None
        aside, depth = base.transl[:, :2], base.transl[:, 2:]
        moved = depth * place[:, 2:].exp()
        return torch.cat(((aside / depth + place[:, :2]) * moved, moved), 1)

    def predict(self, images: Tensor) -> MeshPrediction:
        """Not used: there is no network."""
        raise NotImplementedError(
            "ParameterEstimator has no network; set model.adapts='head'"
        )

    def locate(
        self, camera: Tensor, boxes: Tensor, intrinsics: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        """See :meth:`MeshEstimator.locate`."""
        if self._crops is not None:
            return super().locate(camera, boxes, intrinsics)
        if intrinsics is None:
            raise RuntimeError('ParameterEstimator: call begin_track first')
        return camera, intrinsics


def for_body(estimates: BodyEstimates, body: str) -> BodyEstimates:
    """The same pelvis and pose with another body model.

    Args:
        estimates: Of any model.
        body: The other model, of :data:`REST_PELVIS`.
    """
    if estimates.body == body:
        return estimates
    params = estimates.params
    transl = params.transl
    if transl is not None:
        theirs, ours = REST_PELVIS[estimates.body], REST_PELVIS[body]
        transl = transl + transl.new_tensor(theirs) - transl.new_tensor(ours)
    changed = replace(
        params, betas=torch.zeros_like(params.betas), transl=transl
    )
    return replace(estimates, params=changed, body=body)


def in_boxes(crops: Tensor, boxes: Tensor) -> Tensor:
    """Weak perspective in other boxes: the same place and size in the image.

    Args:
        crops: (s, tx, ty) and the square box of each frame ``[T, 7]``, px.
        boxes: Other square boxes ``[T, 4]``, px.

    Returns:
        (s, tx, ty) ``[T, 3]``.
    """
    centre, side = box_centre_side(crops[:, 3:])
    other, width = box_centre_side(boxes)
    metres = 2 / (crops[:, :1] * side[:, None])  # of a pixel
    aside = crops[:, 1:3] + (centre - other) * metres
    return torch.cat((crops[:, :1] * (side / width)[:, None], aside), dim=1)


def _camera(frames: TrackFrames, path: str | PathLike[str]) -> Tensor:
    """Camera of the track, or a guess from its images ``[T, 3, 3]``."""
    if frames.intrinsics is not None:
        return frames.intrinsics
    size = frames.image_size
    if size is None:
        fix = 'add cam_intrinsics, or give the track its video'
        raise InputError(path, 'cam_intrinsics', 'is absent', fix)
    return guess_intrinsics(*size).expand(len(frames), 3, 3)
