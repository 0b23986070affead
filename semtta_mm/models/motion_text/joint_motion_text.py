"""A motion encoder of other input than MotionCLIP's, for gates."""

from __future__ import annotations

from os import PathLike
from typing import Any

import torch
from torch import Tensor, nn

from ...checkpoints.weights import load_weights, weights_exist
from ...registry import MODELS
from ...utils.required_files import RequiredFile
from .actor_encoder import ActorEncoder
from .frozen_encoder import FrozenEncoder, check_windows
from .posed_joints import COUNT, FPS, posed_joints, rest_joints

SIZE = 2 * 3 * (COUNT - 1)
"""Features of a frame: position and velocity of all joints but the pelvis."""

_TO_UNIT = 3.0
"""Positions (m) and velocities (m/s) are about a third of a unit."""


@MODELS.register_module()
class JointMotionText(FrozenEncoder):
    """Embeds joint positions and velocities in the space of a text encoder.

    Beyond the paper: an encoder that judges a motion must not be the one
    whose cosine the adaptation has raised. This one reads joints in the
    pelvis' frame at 20 fps, so that the global rotation has no influence,
    while :class:`MotionCLIP` reads rotations under the exemplar's root.

    Args:
        body: Config of the body whose bones move.
        width: Width of tokens; even.
        layers: Transformer layers.
        heads: Attention heads.
        feedforward: Width inside a layer.
        frames: Longest window at 30 fps.
        text_dim: Dimension of the text encoder.
        frozen: Always in eval mode, and no gradient for any parameter. Only
            the trainer disables this.
        weights: A shipped name or a file; None keeps the initial ones.
        init_cfg: mmengine's initialisation config.

    Raises:
        InputError: If the weights are missing, bad, or of another network.
    """

    required_files = (
        RequiredFile(
            'weights',
            'JointMotionText',
            '`semtta train configs/train_motion_text_gate.py`; '
            'motion_text_gate_open ships',
            weights_exist,
        ),
    )

    uses_root = False
    """A motion has the same embedding under every label's root."""

    rest: Tensor

    def __init__(
        self,
        body: dict[str, Any],
        width: int = 128,
        layers: int = 3,
        heads: int = 4,
        feedforward: int = 256,
        frames: int = 60,
        text_dim: int = 384,
        frozen: bool = True,
        weights: str | PathLike[str] | None = None,
        init_cfg: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(frames, frozen, init_cfg)
        self.dim = text_dim
        self.encoder = ActorEncoder(
            SIZE, width, layers, heads, feedforward, frames
        )
        self.projection = nn.Linear(width, text_dim, bias=False)
        self.register_buffer('rest', rest_joints(body), persistent=False)
        if weights is not None:
            load_weights(self, weights)
        self.freeze()

    def forward(self, pose: Tensor, mask: Tensor | None = None) -> Tensor:
        """Embed windows at 30 fps.

        Args:
            pose: Rotation matrices ``[B, T, 24, 3, 3]``; the root is
                ignored.
            mask: Valid frames ``[B, T]``, bool, the first ones; None means
                all.

        Returns:
            ``[B, D]``, not normalised.

        Raises:
            ValueError: If a shape is wrong, a window is too long, or a
                window has no frame.
        """
        mask = check_windows(pose, mask, self.frames)
        features, there = joint_motion(pose, mask, self.rest)
        out: Tensor = self.projection(self.encoder(features, there))
        return out


def joint_motion(
    pose: Tensor, mask: Tensor, rest: Tensor
) -> tuple[Tensor, Tensor]:
    """Positions and velocities of joints in the pelvis' frame.

    Args:
        pose: Rotation matrices ``[B, T, 24, 3, 3]`` at 30 fps; the root is
            ignored.
        mask: Valid frames ``[B, T]``, bool; they come first.
        rest: Rest-pose joints ``[24, 3]``, m.

    Returns:
        Features ``[B, N, 126]`` at 20 fps, scaled to about one, zero where
        no frame is; and the valid frames among them ``[B, N]``, bool.
    """
    eye = torch.eye(3).to(pose).expand_as(pose[:, :, :1])
    upright = torch.cat((eye, pose[:, :, 1:]), dim=2)
    joints, there = posed_joints(upright, mask, rest, z_up=False)
    relative = joints[:, :, 1:] - joints[:, :, :1]
    step = relative[:, 1:] - relative[:, :-1]
    step = step * (there[:, 1:] & there[:, :-1])[..., None, None]
    velocity = nn.functional.pad(step, (0, 0, 0, 0, 1, 0)) * FPS
    features = torch.cat((relative, velocity), dim=2).flatten(2) * _TO_UNIT
    return features.masked_fill(~there[..., None], 0), there
