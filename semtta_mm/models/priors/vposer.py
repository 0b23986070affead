"""VPoser's encoder as a prior over poses (Pavlakos et al., CVPR 2019)."""

from __future__ import annotations

from os import PathLike

from mmengine.model import BaseModule
from torch import Tensor, nn

from ...checkpoints.layouts import CheckpointLayout
from ...checkpoints.layouts.vposer import vposer_layouts
from ...checkpoints.weights import load_weights, weights_exist
from ...geometry import matrix_to_axis_angle
from ...registry import MODELS
from ...utils.required_files import RequiredFile
from .base import PriorLoss

JOINTS = 21
"""Joints of the body, without root and hands."""
_SLOPES = {1: 0.2, 2: 0.01}
"""Slopes of the leaky activations, by version."""


@MODELS.register_module()
class VPoserEncoder(BaseModule):
    """From a pose to the mean of its latent distribution.

    Args:
        version: 2 (V02_05) or 1; they differ in the slopes and in one layer.
        width: Width of the hidden layers.
        latent: Size of the latent space.
        init_cfg: mmengine's initialisation config.
    """

    def __init__(
        self,
        version: int = 2,
        width: int = 512,
        latent: int = 32,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        if version not in _SLOPES:
            raise ValueError(f'version: 1 or 2, got {version!r}')
        self.version = version
        self.norm1 = nn.BatchNorm1d(3 * JOINTS)
        self.linear1 = nn.Linear(3 * JOINTS, width)
        self.norm2 = nn.BatchNorm1d(width)
        self.linear2 = nn.Linear(width, width)
        if version == 2:
            self.linear3 = nn.Linear(width, width)
        self.mu = nn.Linear(width, latent)
        self.activation = nn.LeakyReLU(_SLOPES[version])
        self.dropout = nn.Dropout(0.1)

    def checkpoint_layouts(self) -> tuple[CheckpointLayout, ...]:
        """Public checkpoints that :func:`.load_weights` reads."""
        return vposer_layouts(self.version)

    def forward(self, pose: Tensor) -> Tensor:
        """Encode poses.

        Args:
            pose: Rotation matrices ``[N, 24, 3, 3]``; root and hands
                are not used.

        Returns:
            ``[N, D]``.
        """
        x = matrix_to_axis_angle(pose[:, 1 : JOINTS + 1]).flatten(1)
        x = self.activation(self.linear1(self.norm1(x)))
        x = self.linear2(self.dropout(self.norm2(x)))
        # V02 has two linear layers in a row, V01 an activation after one.
        x = self.linear3(x) if self.version == 2 else self.activation(x)
        return self.mu(x)


@MODELS.register_module()
class VPoserPriorLoss(PriorLoss):
    """Squared norm of the latent mean: 0 at the likeliest pose.

    SMPLify-X has this penalty on the latent vector that it optimises; here
    predicted poses are encoded first.

    Args:
        weights: VPoser's snapshot; None keeps the initial weights.
        encoder: Config of the encoder.
        loss_weight: No value is published for this use.

    Raises:
        InputError: If the file does not fit.
    """

    required_files = (
        RequiredFile(
            'weights',
            'VPoser',
            'V01 or V02 of the SMPL-X (SMPLify-X) web site, its snapshot',
            weights_exist,
        ),
    )

    def __init__(
        self,
        weights: str | PathLike[str] | None,
        encoder: dict | None = None,
        loss_weight: float = 1e-3,
    ) -> None:
        super().__init__(loss_weight)
        self.encoder = MODELS.build(encoder or dict(type='VPoserEncoder'))
        if weights is not None:
            load_weights(self.encoder, weights)
        self.requires_grad_(False).train(False)

    def penalty(self, pose: Tensor, valid: Tensor, rate: float) -> Tensor:
        """Mean over the valid frames."""
        if not valid.any():
            return pose.new_zeros(())
        return self.encoder(pose[valid]).square().sum(-1).mean()
