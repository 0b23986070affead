"""HMR2.0: a vision transformer and a transformer decoder head."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ...checkpoints.layouts import CheckpointLayout
from ...checkpoints.layouts.hmr2 import hmr2_layouts
from ...checkpoints.weights import weights_exist
from ...geometry import matrix_to_rot6d
from ...registry import MODELS
from ...structures import MeshPrediction, SMPLParams
from ...utils.required_files import RequiredFile
from ..heads.hmr2_head import LAYOUT
from .base import MeshEstimator
from .mean_params import load_mean_params


@MODELS.register_module()
class HMR2Estimator(MeshEstimator):
    """Humans in 4D's single-image network (Goel et al., ICCV 2023).

    The input is the middle three quarters of the width of the square crop.
    State-dict keys are ``backbone.*`` and ``head.*``; official checkpoints
    need no conversion.

    Args:
        backbone: Config of the backbone, from ``[B, 3, S, 3S/4]`` to
            ``[B, C, h, w]``, such as ``HMR2ViT``.
        head: Config of the head, such as ``HMR2Head``.
        mean_params: Initial parameters of the regression, if the checkpoint
            has none: ``'standing'`` or a ``smpl_mean_params.npz``, whose 6D
            numbers are used unchanged in this head's layout.
        keypoints: Number of 2D keypoints that are predicted from the tokens,
            an auxiliary task for the training of small backbones; 0, as in
            HMR2.0, disables it.
        input_size: Side ``S`` of the square crop, px; a multiple of 8.
        **kwargs: See :class:`MeshEstimator`.

    Example config::

        estimator = dict(
            type='HMR2Estimator',
            backbone=dict(type='HMR2ViT'),
            head=dict(type='HMR2Head'),
        )
    """

    def __init__(
        self,
        backbone: dict[str, Any],
        head: dict[str, Any],
        mean_params: str | Path = 'standing',
        keypoints: int = 0,
        input_size: int = 256,
        **kwargs: Any,
    ) -> None:
        super().__init__(input_size=input_size, **kwargs)
        self.map_margin = input_size // 8
        self.backbone = MODELS.build(backbone)
        self.head = MODELS.build(head)
        self.finder: nn.Module | None = None
        if keypoints:
            dim = self.backbone.pos_embed.shape[-1]
            self.finder = nn.Conv2d(dim, keypoints, 1)
        mean = load_mean_params(mean_params)
        rot6d = mean.rot6d
        if rot6d is None:
            rot6d = matrix_to_rot6d(mean.pose, LAYOUT)
        self.head.init_body_pose.copy_(rot6d.reshape(1, -1))
        self.head.init_betas.copy_(mean.betas[None])
        self.head.init_cam.copy_(mean.camera[None])
        self.to(memory_format=torch.channels_last)
        self.train(self.training)

    @classmethod
    def weights_file(cls, config: Mapping[str, Any]) -> RequiredFile:
        """See :meth:`MeshEstimator.weights_file`."""
        get = (
            "4D-Humans' Lightning checkpoint (epoch=35-step=1000000.ckpt), "
            'unchanged'
        )
        return RequiredFile('weights', 'HMR2.0', get, weights_exist)

    def checkpoint_layouts(self) -> tuple[CheckpointLayout, ...]:
        """Public checkpoints that :func:`.load_weights` reads."""
        return hmr2_layouts()

    def predict(self, images: Tensor) -> MeshPrediction:
        """See :meth:`MeshEstimator.predict`."""
        return self.forward_head(self.extract(images))

    def extract(self, images: Tensor) -> Tensor:
        """Tokens ``[B, C, h, w]`` of normalised crops."""
        middle = images[..., self.map_margin : -self.map_margin]
        tokens: Tensor = self.backbone(middle)
        return tokens

    def forward_head(self, features: Tensor) -> MeshPrediction:
        """See :meth:`MeshEstimator.forward_head`."""
        points = logits = None
        if self.finder is not None:
            logits = self.finder(features)
            points = self._points(logits)
        # The regression sums small corrections, which needs full precision.
        with torch.autocast(features.device.type, enabled=False):
            pose, betas, camera = self.head(features.float())
        params = SMPLParams.from_pose(pose, betas)
        return MeshPrediction(params, camera, points, logits)

    def head_modules(self) -> list[nn.Module]:
        """The regressor."""
        return [self.head]

    def _points(self, logits: Tensor) -> Tensor:
        """Means of the heatmaps ``[B, K, 2]``, px of the square crop."""
        height, width = logits.shape[2:]
        probability = (
            logits.float().flatten(2).softmax(-1).unflatten(2, (height, width))
        )
        step = self.input_size / height
        x = (torch.arange(width, device=logits.device) + 0.5) * step
        y = (torch.arange(height, device=logits.device) + 0.5) * step
        x = x + self.map_margin
        return torch.stack(
            (
                (probability.sum(2) * x).sum(-1),
                (probability.sum(3) * y).sum(-1),
            ),
            dim=-1,
        )
