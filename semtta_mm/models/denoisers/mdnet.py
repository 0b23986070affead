"""MDNet: the motion denoiser of CycleAdapt (ICCV 2023)."""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn

from ...checkpoints.layouts import CheckpointLayout
from ...checkpoints.layouts.mdnet import MDNET_LAYOUTS
from ...conventions import NUM_JOINTS
from ...geometry import Layout, matrix_to_rot6d, rot6d_to_matrix
from ...registry import MODELS

LAYOUT: Layout = 'interleave'
"""6D layout that the official weights were trained with."""

TINY_GAIN = 1e-8
"""Xavier gain of layers whose initial output is about 0."""


class _TimeLinear(nn.Module):
    """Linear layer over the frames ``[B, C, T]``."""

    def __init__(self, frames: int) -> None:
        super().__init__()
        self.fc = nn.Linear(frames, frames)
        _almost_zero(self.fc)

    def forward(self, x: Tensor) -> Tensor:
        return self.fc(x)


class _ChannelNorm(nn.Module):
    """Layer norm over the channels of ``[B, C, T]``."""

    def __init__(self, channels: int, eps: float = 1e-5) -> None:
        super().__init__()
        self.eps = eps
        self.alpha = nn.Parameter(torch.ones(1, channels, 1))
        self.beta = nn.Parameter(torch.zeros(1, channels, 1))

    def forward(self, x: Tensor) -> Tensor:
        centred = x - x.mean(1, keepdim=True)
        variance = centred.square().mean(1, keepdim=True)
        return centred / (variance + self.eps).sqrt() * self.alpha + self.beta


class _Block(nn.Module):
    """Residual linear layer over time."""

    def __init__(self, channels: int, frames: int) -> None:
        super().__init__()
        self.fc0 = _TimeLinear(frames)
        self.norm0 = _ChannelNorm(channels)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.norm0(self.fc0(x))


class _Blocks(nn.Module):
    """The stack of blocks, with the official name ``mlps``."""

    def __init__(self, blocks: int, channels: int, frames: int) -> None:
        super().__init__()
        self.mlps = nn.Sequential(
            *(_Block(channels, frames) for _ in range(blocks))
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.mlps(x)


@MODELS.register_module()
class MDNet(BaseModule):
    """Fills hidden frames of a pose window, and smooths the rest.

    An input layer, blocks that mix frames, and an output layer, all linear
    except for the norms, after siMLPe (WACV 2023). The output is the pose, not
    a correction. Parameters have the official names.

    Args:
        frames: Length T of a window.
        blocks: Number of blocks.
        init_cfg: mmengine's initialisation config.
    """

    def __init__(
        self, frames: int = 49, blocks: int = 4, init_cfg: dict | None = None
    ) -> None:
        super().__init__(init_cfg)
        channels = NUM_JOINTS * 6
        self.frames = frames
        self.motion_fc_in = nn.Linear(channels, channels)
        self.motion_mlp = _Blocks(blocks, channels, frames)
        self.motion_fc_out = nn.Linear(channels, channels)
        _almost_zero(self.motion_fc_out)

    def checkpoint_layouts(self) -> tuple[CheckpointLayout, ...]:
        """Public checkpoints that :func:`.load_weights` reads."""
        return MDNET_LAYOUTS

    def forward(self, pose: Tensor, hidden: Tensor | None = None) -> Tensor:
        """Denoise windows.

        Args:
            pose: Rotation matrices ``[B, T, 24, 3, 3]``.
            hidden: ``[B, T]`` bool, True where a frame is replaced by zeros;
                None hides none.

        Returns:
            Rotation matrices ``[B, T, 24, 3, 3]``, hidden frames filled in.

        Raises:
            ValueError: If a shape is wrong; windows have ``frames`` frames.
        """
        rot6d = self.rot6d(pose, hidden).unflatten(-1, (NUM_JOINTS, 6))
        return rot6d_to_matrix(rot6d, LAYOUT)

    def rot6d(self, pose: Tensor, hidden: Tensor | None = None) -> Tensor:
        """Raw output ``[B, T, 144]``, 6D in the layout ``interleave``.

        Losses and averages over overlapping windows use this output, before
        Gram-Schmidt; see :meth:`forward` for arguments and errors.
        """
        x = window_rot6d(pose)
        if x.shape[1] != self.frames:
            raise ValueError(
                f'pose: expected windows of {self.frames} frames, got '
                f'{x.shape[1]}'
            )
        if hidden is not None:
            if hidden.shape != x.shape[:2] or hidden.dtype != torch.bool:
                raise ValueError(
                    f'hidden: expected bool {list(x.shape[:2])}, got '
                    f'{hidden.dtype} {list(hidden.shape)}'
                )
            x = x.masked_fill(hidden[..., None], 0)
        x = self.motion_mlp(self.motion_fc_in(x).transpose(1, 2))
        return self.motion_fc_out(x.transpose(1, 2))


def window_rot6d(pose: Tensor) -> Tensor:
    """Rotation matrices ``[B, T, 24, 3, 3]`` as ``[B, T, 144]``.

    Raises:
        ValueError: If the shape is another.
    """
    if pose.ndim != 5 or pose.shape[2:] != (NUM_JOINTS, 3, 3):
        raise ValueError(
            f'pose: expected [B, T, {NUM_JOINTS}, 3, 3], got '
            f'{list(pose.shape)}'
        )
    return matrix_to_rot6d(pose, LAYOUT).flatten(2)


def hidden_l1_loss(rot6d: Tensor, target: Tensor, hidden: Tensor) -> Tensor:
    """CycleAdapt's loss: L1 of hidden frames, over the size of the window.

    Args:
        rot6d: Output of :meth:`MDNet.rot6d` ``[B, T, 144]``.
        target: Rotation matrices ``[B, T, 24, 3, 3]``.
        hidden: ``[B, T]`` bool; only these frames count.

    Returns:
        Scalar. As in CycleAdapt the mean is over all ``B T 144`` entries,
        where those of visible frames are 0.
    """
    difference = (rot6d - window_rot6d(target)).abs()
    return difference.masked_fill(~hidden[..., None], 0).mean()


def _almost_zero(layer: nn.Linear) -> None:
    nn.init.xavier_uniform_(layer.weight, gain=TINY_GAIN)
    nn.init.zeros_(layer.bias)
