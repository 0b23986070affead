"""Prediction of an estimator for a whole track."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from .smpl_params import SMPLParams


@dataclass(frozen=True)
class TrackPrediction:
    """Bodies of all frames of a track, in eval mode, without gradients.

    Note:
        - frames of the track: T
        - keypoints of the evidence's convention: K

    Attributes:
        params: Pose, shape and translation, camera frame, m.
        camera: Weak perspective in the crop ``[T, 3]``.
        intrinsics: ``[T, 3, 3]``, px of the original image; with it
            ``params`` project to ``joints2d``.
        joints: Convention to joints ``[T, J, 3]``, m, camera frame.
        joints2d: Keypoints of the evidence ``[T, K, 2]``, px of the
            original image.
        vertices: ``[T, V, 3]``, m, camera frame, or None if not requested.
    """

    params: SMPLParams
    camera: Tensor
    intrinsics: Tensor
    joints: dict[str, Tensor]
    joints2d: Tensor
    vertices: Tensor | None = None

    def __len__(self) -> int:
        return len(self.camera)
