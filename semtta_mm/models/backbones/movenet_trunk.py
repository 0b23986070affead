"""MoveNet's MobileNetV2 as a backbone of mmpose's estimators."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from mmengine.model import BaseModule
from torch import Tensor

from ...checkpoints.movenet import fetch_movenet
from ...checkpoints.weights import weights_exist
from ...compat.convolutions import fuse_frozen_norms, use_same_padding
from ...registry import MODELS
from ...utils.required_files import RequiredFile

_CHANNELS = 1280
"""Of the last layer: TensorFlow does not widen it, mmpose does."""


@MODELS.register_module()
class MoveNetTrunk(BaseModule):
    """mmpose's ``MobileNetV2`` with TensorFlow's padding.

    The batch norms of MoveNet are folded into its convolutions, so they stay
    in eval mode. Used from a config of mmpose's as
    ``semtta_mm.MoveNetTrunk``.

    Args:
        widen_factor: 1 for Lightning, 1.75 for Thunder.
        out_indices: Layers whose maps are returned, see mmpose.
        weights: ``'movenet/lightning'`` or ``'movenet/thunder'``, fetched
            once; None leaves random weights, for a checkpoint.
        frozen: Compute no gradients.
        init_cfg: mmengine's initialisation config.

    Raises:
        MissingDependencyError: If mmpose is not installed.
        InputError: If the weights cannot be fetched.
    """

    required_files = (
        RequiredFile(
            'weights',
            "weights of MoveNet's trunk",
            'movenet/lightning is fetched',
            weights_exist,
        ),
    )

    def __init__(
        self,
        widen_factor: float = 1.0,
        out_indices: Sequence[int] = (1, 2, 3, 7),
        weights: str | None = None,
        frozen: bool = False,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.frozen = frozen
        self.net = MODELS.build(
            dict(
                type='mmpose.MobileNetV2',
                widen_factor=widen_factor,
                out_indices=tuple(out_indices),
            )
        )
        if self.net.out_channel != _CHANNELS:
            self.net.conv2 = _last_layer(self.net.conv2)
        use_same_padding(self.net)
        self.net.to(memory_format=torch.channels_last)
        if weights is not None:
            self.net.load_state_dict(fetch_movenet('backbone', weights))
            # Otherwise the Runner's init_weights() would overwrite them.
            self.is_init = True
        if frozen:
            self.requires_grad_(False)
        self.train(self.training)
        fuse_frozen_norms(self.net)

    def train(self, mode: bool = True) -> MoveNetTrunk:
        """Set the mode of the module; the norms stay in eval mode."""
        super().train(mode)
        self.net.eval()
        return self

    def forward(self, images: Tensor) -> tuple[Tensor, ...]:
        """Feature maps of images.

        Args:
            images: ``[B, 3, H, W]``, RGB from -1 to 1; H and W are multiples
                of 32.

        Returns:
            Maps ``[B, C_i, h_i, w_i]``, fine to coarse.
        """
        images = images.to(memory_format=torch.channels_last)
        with torch.set_grad_enabled(
            torch.is_grad_enabled() and not self.frozen
        ):
            return tuple(self.net(images))


def _last_layer(old: BaseModule) -> BaseModule:
    """A layer like ``old`` with fewer channels."""
    from mmcv.cnn import ConvModule

    return ConvModule(
        old.in_channels,
        _CHANNELS,
        1,
        norm_cfg=dict(type='BN'),
        act_cfg=dict(type='ReLU6'),
    )
