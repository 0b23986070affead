"""What the motion encoders share: frozen weights, checks of windows."""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import Self

import torch
from mmengine.model import BaseModule
from torch import Tensor

from ...checkpoints.weights import load_weights
from ...conventions import NUM_JOINTS
from .posed_joints import posed_joints, rest_joints


class FrozenEncoder(BaseModule):
    """Base of motion encoders that adaptation does not train.

    Args:
        frames: Longest window at 30 fps.
        frozen: Whether the encoder always stays in eval mode.
        init_cfg: mmengine's initialisation config.
    """

    def __init__(
        self, frames: int, frozen: bool = True, init_cfg: dict | None = None
    ) -> None:
        super().__init__(init_cfg)
        self.frames, self.frozen = frames, frozen

    def train(self, mode: bool = True) -> Self:
        """As torch's; a frozen encoder stays in eval mode."""
        return super().train(mode and not self.frozen)

    def freeze(self) -> None:
        """Disable gradients of all parameters, if the encoder is frozen."""
        if self.frozen:
            self.requires_grad_(False)
            self.train(False)


class JointEncoder(FrozenEncoder):
    """Base of encoders whose input is joint positions.

    Rotations move the joints of a body at rest first. Sub-classes build
    their networks and call :meth:`complete` last.

    Args:
        frames: Longest window at 30 fps.
        dim: Dimension of the common space.
        z_up: Whether motions come in a world with z up instead of y up.
        init_cfg: mmengine's initialisation config.
    """

    rest: Tensor

    def __init__(
        self, frames: int, dim: int, z_up: bool, init_cfg: dict | None
    ) -> None:
        super().__init__(frames, init_cfg=init_cfg)
        self.dim, self.z_up = dim, z_up

    def complete(
        self,
        body: dict,
        constants: Mapping[str, Tensor],
        weights: str | PathLike[str] | None,
    ) -> None:
        """Register constants, load weights and freeze.

        Args:
            body: Config of the body whose bones move.
            constants: Buffers that no checkpoint contains, by name.
            weights: File of weights; None keeps the initial ones.

        Raises:
            InputError: If the weights are missing, bad, or of another
                network.
        """
        for name, value in {'rest': rest_joints(body), **constants}.items():
            self.register_buffer(name, value, persistent=False)
        if weights is not None:
            load_weights(self, weights)
        self.freeze()

    def joints(self, pose: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Joints at 20 fps, see :func:`.posed_joints`."""
        return posed_joints(pose, mask, self.rest, self.z_up)


def check_windows(pose: Tensor, mask: Tensor | None, frames: int) -> Tensor:
    """Refuse wrong shapes.

    Args:
        pose: Rotation matrices ``[B, T, 24, 3, 3]``.
        mask: ``[B, T]`` bool, or None.
        frames: Longest window.

    Returns:
        The mask ``[B, T]``.

    Raises:
        ValueError: If a shape is wrong, a window is too long, or a window
            has no frame.
    """
    if pose.ndim != 5 or pose.shape[2:] != (NUM_JOINTS, 3, 3):
        raise ValueError(
            f'pose: expected [B, T, {NUM_JOINTS}, 3, 3], got '
            f'{list(pose.shape)}'
        )
    if pose.shape[1] > frames:
        raise ValueError(
            f'pose: windows have at most {frames} frames, got {pose.shape[1]}'
        )
    if mask is None:
        mask = torch.ones(pose.shape[:2], dtype=torch.bool, device=pose.device)
    if mask.shape != pose.shape[:2] or mask.dtype != torch.bool:
        raise ValueError(
            f'mask: expected bool {list(pose.shape[:2])}, got '
            f'{mask.dtype} {list(mask.shape)}'
        )
    if not mask.any(1).all():
        raise ValueError('mask: a window has no frame')
    return mask
