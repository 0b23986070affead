"""VIBE's motion discriminator (Kocabas et al., CVPR 2020)."""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn

from ...checkpoints.layouts import CheckpointLayout
from ...checkpoints.layouts.vibe import VIBE_LAYOUTS
from ...conventions import NUM_JOINTS
from ...geometry import matrix_to_axis_angle
from ...registry import MODELS

POSE_SIZE = 3 * (NUM_JOINTS - 1)
"""Axis-angle of all joints but the root."""


class _AttentionPool(nn.Module):
    """Weighted mean over time, with the official name ``attention``."""

    def __init__(self, size: int, layers: int, dropout: float) -> None:
        super().__init__()
        modules: list[nn.Module] = []
        for width in [size] * (layers - 1) + [1]:
            # The last layer is followed by tanh and dropout, too.
            modules += [nn.Linear(size, width), nn.Tanh(), nn.Dropout(dropout)]
        self.attention = nn.Sequential(*modules)

    def forward(self, x: Tensor) -> Tensor:
        """``[B, T, D]`` to ``[B, D]``."""
        weight = self.attention(x).softmax(dim=1)
        return (weight * x).sum(dim=1)


@MODELS.register_module()
class MotionDiscriminator(BaseModule):
    """Classifies recorded motions (1) and predicted ones (0).

    Parameters have the official names; the defaults are the official size.

    Args:
        hidden: Width of the recurrent network.
        layers: Layers of the recurrent network.
        attention_layers: Layers of the attention that pools over time.
        dropout: Dropout of the attention.
        init_cfg: mmengine's initialisation config.
    """

    def __init__(
        self,
        hidden: int = 1024,
        layers: int = 2,
        attention_layers: int = 3,
        dropout: float = 0.2,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.gru = nn.GRU(POSE_SIZE, hidden, layers)
        self.attention = _AttentionPool(hidden, attention_layers, dropout)
        self.fc = nn.Linear(hidden, 1)

    def checkpoint_layouts(self) -> tuple[CheckpointLayout, ...]:
        """Public checkpoints that :func:`.load_weights` reads."""
        return VIBE_LAYOUTS

    def forward(self, pose: Tensor) -> Tensor:
        """Score windows.

        Args:
            pose: Rotation matrices ``[B, T, 24, 3, 3]``; the root is not
                used.

        Returns:
            ``[B]``.
        """
        motion = matrix_to_axis_angle(pose[:, :, 1:]).flatten(2)
        # cuDNN has no backward pass in eval mode.
        with torch.backends.cudnn.flags(enabled=self.training):
            states = self.gru(motion.transpose(0, 1))[0].transpose(0, 1)
        return self.fc(self.attention(states))[:, 0]


def lsgan_generator(score: Tensor) -> Tensor:
    """Adversarial loss of predicted motions.

    Args:
        score: Scores of predicted motions ``[B]``.

    Returns:
        Scalar, the mean of ``(D - 1)^2`` (LSGAN, Mao et al. 2017).
    """
    return (score - 1).square().mean()


def lsgan_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    """Loss of the discriminator.

    Args:
        real: Scores of recorded motions ``[B]``.
        fake: Scores of predicted motions ``[B]``, without gradient to them.

    Returns:
        Scalar, the mean of ``(D(real) - 1)^2`` plus that of ``D(fake)^2``.
    """
    return (real - 1).square().mean() + fake.square().mean()
