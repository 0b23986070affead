"""What every mesh estimator returns."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from .smpl_params import SMPLParams


@dataclass(frozen=True)
class MeshPrediction:
    """Bodies seen in a batch of crops.

    Attributes:
        params: Pose and shape; ``global_orient`` in the frame of the
            estimator's camera (x right, y down, z forward), no translation.
        camera: Weak perspective ``(s, tx, ty)`` ``[B, 3]`` in the crop.
        keypoints: 2D keypoints that the network found on its way
            ``[B, K, 2]``, px of the crop; None if it looks for none.
        keypoint_logits: Logits of the maps that they are the mean of
            ``[B, K, h, w]``, or None.
    """

    params: SMPLParams
    camera: Tensor
    keypoints: Tensor | None = None
    keypoint_logits: Tensor | None = None

    def __post_init__(self) -> None:
        if tuple(self.camera.shape) != (len(self.params), 3):
            raise ValueError(
                f'MeshPrediction.camera: expected {(len(self.params), 3)}, '
                f'got {tuple(self.camera.shape)}'
            )
