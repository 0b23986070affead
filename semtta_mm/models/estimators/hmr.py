"""HMR: any OpenMMLab backbone and mmhuman3d's iterative regressor."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from ...checkpoints.layouts import CheckpointLayout
from ...checkpoints.layouts.hmr import hmr_layouts
from ...checkpoints.weights import weights_exist
from ...compat.convolutions import fuse_frozen_norms, use_same_padding
from ...registry import MODELS
from ...structures import MeshPrediction, SMPLParams
from ...utils.required_files import RequiredFile
from .backbone_weights import load_backbone_weights
from .base import MeshEstimator
from .linear_head import is_linear, regress_linear
from .mean_params import MeanParams, as_rot6d, load_mean_params


@MODELS.register_module()
class HMREstimator(MeshEstimator):
    """End-to-end recovery of human shape and pose (Kanazawa et al. 2018).

    With ``mmhuman3d.ResNet`` (depth 50, GroupNorm of 4 groups) and
    ``mmhuman3d.HMRHead`` this is the network of BOA, DynaBOA, CycleAdapt and
    the paper: 26,977,501 parameters. State-dict keys are ``backbone.*``,
    ``neck.*`` (if there is one) and ``head.*``.

    Args:
        backbone: Config of a backbone whose last output is ``[B, C, h, w]``.
        head: Config of the head; its ``feat_dim`` is ``C``.
        mean_params: Initial parameters of the regression: ``'standing'`` or
            the path of ``smpl_mean_params.npz``. Required, because the
            default of the head is wrong, see ``mean_params.py``.
        neck: Config of a module between the two, from the backbone's feature
            maps to ``[B, feat_dim, 1, 1]``, 2D keypoints ``[B, K, 2]`` in 0
            to 1 and the logits of their heatmaps ``[B, K, h, w]``, such as
            :class:`~semtta_mm.models.necks.PartNeck`; without one the head
            pools the last map, as in SPIN.
        backbone_weights: Pre-trained weights of the backbone for a training,
            a file or a name, see :func:`.load_backbone_weights`.
        same_padding: Pad strided convolutions as TensorFlow does, as required
            by the weights of MoveNet.
        n_iter: Iterations of the regressor.
        **kwargs: See :class:`MeshEstimator`.

    Example config::

        estimator = dict(
            type='HMREstimator',
            backbone=dict(type='mmpose.MobileNetV2', out_indices=(7,)),
            head=dict(type='mmhuman3d.HMRHead', feat_dim=1280),
            mean_params='standing',
        )
    """

    def __init__(
        self,
        backbone: dict[str, Any],
        head: dict[str, Any],
        mean_params: str | Path,
        neck: dict[str, Any] | None = None,
        backbone_weights: str | Path | None = None,
        same_padding: bool = False,
        n_iter: int = 3,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.n_iter = n_iter
        self.backbone = MODELS.build(backbone)
        fuse_frozen_norms(self.backbone)
        if same_padding:
            use_same_padding(self.backbone)
        if backbone_weights is not None:
            load_backbone_weights(self.backbone, backbone_weights)
        self.neck = None if neck is None else MODELS.build(neck)
        self.head = MODELS.build(head)
        self._set_mean_params(load_mean_params(mean_params))
        self.to(memory_format=torch.channels_last)
        self.train(self.training)

    @classmethod
    def weights_file(cls, config: Mapping[str, Any]) -> RequiredFile:
        """See :meth:`MeshEstimator.weights_file`."""
        norm = (config.get('backbone') or {}).get('norm_cfg') or {}
        name = 'HMR with GroupNorm, trained on Human3.6M'
        get = "CycleAdapt's hmr_basemodel.pt or BOA's basemodel.pt, unchanged"
        if norm.get('type') == 'BN':
            name = 'HMR with BatchNorm'
            get = "SPIN's model_checkpoint.pt, unchanged"
        return RequiredFile('weights', name, get, weights_exist)

    def _set_mean_params(self, mean: MeanParams) -> None:
        """Write the initial parameters into the head's buffers."""
        values = {
            'init_pose': as_rot6d(mean),
            'init_shape': mean.betas[None],
            'init_cam': mean.camera[None],
        }
        for name, value in values.items():
            buffer = getattr(self.head, name, None)
            if buffer is None or buffer.shape != value.shape:
                raise ValueError(
                    f'head {type(self.head).__name__} has no buffer {name} '
                    f'of shape {tuple(value.shape)}; use an HMR-like head '
                    'such as mmhuman3d.HMRHead'
                )
            buffer.copy_(value)

    def checkpoint_layouts(self) -> tuple[CheckpointLayout, ...]:
        """Public checkpoints that :func:`.load_weights` reads."""
        return hmr_layouts(self.backbone)

    def predict(self, images: Tensor) -> MeshPrediction:
        """See :meth:`MeshEstimator.predict`."""
        maps = self.backbone(images)
        points = logits = None
        if self.neck is not None:
            features, points, logits = self.neck(maps)
            points = points * self.input_size
        else:
            features = maps[-1] if isinstance(maps, tuple | list) else maps
        return self.regress(features, points, logits)

    def extract(self, images: Tensor) -> Tensor:
        """See :meth:`MeshEstimator.extract_features`."""
        maps = self.backbone(images)
        if self.neck is not None:
            features: Tensor = self.neck.extract_features(maps)[0]
            return features
        last: Tensor = maps[-1] if isinstance(maps, tuple | list) else maps
        return last.mean(dim=(2, 3))

    def forward_head(self, features: Tensor) -> MeshPrediction:
        """See :meth:`MeshEstimator.forward_head`."""
        features = features.float()
        if self.neck is not None:
            features = self.neck.mix(features)
        return self.regress(features[:, :, None, None])

    def head_modules(self) -> list[nn.Module]:
        """The regressor, and the neck's MLP if there is a neck."""
        mix = [] if self.neck is None else [self.neck.mix]
        return [*mix, self.head]

    def regress(
        self,
        features: Tensor,
        keypoints: Tensor | None = None,
        logits: Tensor | None = None,
    ) -> MeshPrediction:
        """Regress bodies from features with the head.

        Args:
            features: ``[B, D, h, w]``.
            keypoints: Copied to the prediction.
            logits: Copied to the prediction.
        """
        # The regression sums small corrections, which needs full precision.
        with torch.autocast(features.device.type, enabled=False):
            regress = regress_linear if is_linear(self.head) else _regress
            out = regress(self.head, features.float(), self.n_iter)
        params = SMPLParams.from_pose(out['pred_pose'], out['pred_shape'])
        return MeshPrediction(params, out['pred_cam'], keypoints, logits)


def _regress(
    head: nn.Module, features: Tensor, n_iter: int
) -> dict[str, Tensor]:
    out: dict[str, Tensor] = head(features, n_iter=n_iter)
    return out
