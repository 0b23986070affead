"""Baseline that predicts the same body for every crop."""

from pathlib import Path
from typing import Any

from torch import Tensor

from ...registry import MODELS
from ...structures import MeshPrediction, SMPLParams
from .base import MeshEstimator
from .mean_params import load_mean_params


@MODELS.register_module()
class ConstantEstimator(MeshEstimator):
    """The same body for every crop, facing the camera.

    Args:
        mean_params: The body: ``'standing'`` or the path of
            ``smpl_mean_params.npz``.
        **kwargs: See :class:`MeshEstimator`.
    """

    pose: Tensor
    betas: Tensor
    camera: Tensor

    def __init__(
        self, mean_params: str | Path = 'standing', **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        mean = load_mean_params(mean_params)
        self.register_buffer('pose', mean.pose, persistent=False)
        self.register_buffer('betas', mean.betas, persistent=False)
        self.register_buffer('camera', mean.camera, persistent=False)

    def predict(self, images: Tensor) -> MeshPrediction:
        """See :meth:`MeshEstimator.predict`."""
        count = len(images)
        params = SMPLParams.from_pose(
            self.pose.expand(count, -1, -1, -1), self.betas.expand(count, -1)
        )
        return MeshPrediction(params, self.camera.expand(count, -1))
