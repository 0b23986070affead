"""Output of a mesh estimator."""

from __future__ import annotations

from dataclasses import dataclass, replace

from torch import Tensor

from .smpl_params import SMPLParams


@dataclass(frozen=True)
class MeshPrediction:
    """Bodies predicted from a batch of crops.

    Attributes:
        params: Pose and shape; ``global_orient`` in the frame of the
            estimator's camera (x right, y down, z forward), no translation.
        camera: Weak perspective ``(s, tx, ty)`` ``[B, 3]`` in the crop.
        keypoints: 2D keypoints that the network detects in addition
            ``[B, K, 2]``, px of the crop; None if it detects none.
        keypoint_logits: Logits of their heatmaps ``[B, K, h, w]``, or None;
            a keypoint is the mean of its heatmap.
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

    def with_mean_shape(self, betas: Tensor | None = None) -> MeshPrediction:
        """The same bodies, all with one shape.

        Args:
            betas: The shape ``[10]``; None takes the mean of the bodies.
        """
        own = self.params.betas
        shape = own.mean(dim=0) if betas is None else betas
        params = replace(self.params, betas=shape.expand_as(own))
        return replace(self, params=params)
