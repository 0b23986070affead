"""Predicts the motion of a person from 2D evidence and a text."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn

from ...conventions import NUM_BETAS, NUM_JOINTS, keypoint_names
from ...geometry import matrix_to_rot6d, rot6d_to_matrix
from ...registry import MODELS
from .evidence import CONVENTION, LifterEvidence

_UPRIGHT = (1.0, 0.0, 0.0, 0.0, -1.0, 0.0)
"""6D rotation of a person who stands and faces the camera."""

_LEAST, _MOST = -5.0, 1.5
"""Range of the logarithm of a predicted error, radians: 0.4 to 260 deg."""


@dataclass(frozen=True)
class LiftedWindows:
    """Output of a lifter.

    Note:
        - windows: B; frames of a window: T

    Attributes:
        pose: Rotation matrices ``[B, T, 24, 3, 3]``, the root in the axes of
            the pelvis ray (see :mod:`semtta_mm.geometry.pelvis_ray`).
        log_error: Logarithm of the expected angle between predicted and true
            rotation, radians ``[B, T, 24]``.
        betas: ``[B, 10]``.
    """

    pose: Tensor
    log_error: Tensor
    betas: Tensor


@MODELS.register_module()
class TextLifter(BaseModule):
    """Transformer from 2D keypoints and a text to SMPL rotations.

    Not in the paper. The alignment loss (Eq. 4) scores a motion given its
    text; this network predicts the motion itself, and how far each of its
    rotations is expected to be off: little where keypoints determine it,
    more where only neighbouring frames, the text or nothing does.

    ``patch`` consecutive frames are a token: keypoints in the frame's box,
    scores, and, if known, the rotations that a mesh estimator predicted from
    the image and the camera. The text is one more token; a learned vector
    replaces a missing text.

    Args:
        text_dim: Dimension of the text vectors.
        frames: Frames of a window T, at 30 fps.
        patch: Frames of a token; divides ``frames``.
        width: Width of tokens.
        layers: Transformer layers, with norms before the attention.
        heads: Attention heads.
        feedforward: Width inside a layer.
        init_cfg: mmengine's initialisation config.
    """

    def __init__(
        self,
        text_dim: int = 384,
        frames: int = 60,
        patch: int = 4,
        width: int = 256,
        layers: int = 4,
        heads: int = 4,
        feedforward: int = 768,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        if frames % patch:
            raise ValueError(f'patch: {patch} does not divide {frames}')
        self.frames, self.patch = frames, patch
        numbers = 4 * len(keypoint_names(CONVENTION)) + 3
        self.evidence_in = nn.Sequential(
            nn.Linear(numbers * patch, 2 * width),
            nn.GELU(),
            nn.Linear(2 * width, width),
        )
        self.estimate_in = nn.Linear(6 * NUM_JOINTS * patch, width)
        self.camera_in = nn.Linear(3 * patch, width)
        self.text_in = nn.Linear(text_dim, width)
        self.no_text = nn.Parameter(torch.zeros(text_dim))
        count = frames // patch
        self.position = nn.Parameter(torch.randn(count + 1, width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            width,
            heads,
            feedforward,
            dropout=0.0,
            activation='gelu',
            batch_first=True,
            norm_first=True,
        )
        self.blocks = nn.TransformerEncoder(
            layer, layers, nn.LayerNorm(width), enable_nested_tensor=False
        )
        self.pose_out = nn.Linear(width, 6 * NUM_JOINTS * patch)
        self.error_out = nn.Linear(width, NUM_JOINTS * patch)
        self.betas_out = nn.Linear(width, NUM_BETAS)
        for linear in (self.pose_out, self.error_out, self.betas_out):
            nn.init.normal_(linear.weight, std=0.002)
            nn.init.zeros_(linear.bias)
        nn.init.constant_(self.error_out.bias, -1.5)  # about 13 degrees
        rest = torch.tensor([1.0, 0, 0, 0, 1, 0]).repeat(NUM_JOINTS, 1)
        rest[0] = torch.tensor(_UPRIGHT)
        self.register_buffer('rest', rest, persistent=False)

    def forward(
        self,
        evidence: LifterEvidence,
        text: Tensor,
        has_text: Tensor | None = None,
    ) -> LiftedWindows:
        """Lift windows.

        Args:
            evidence: Of B windows with T frames.
            text: Unit vectors of the texts ``[B, D]``.
            has_text: Windows with a text ``[B]``, bool; None: all.

        Raises:
            ValueError: If the windows have another length.
        """
        size, frames = evidence.valid.shape
        if frames != self.frames:
            raise ValueError(
                f'evidence: expected windows of {self.frames} frames, got '
                f'{frames}'
            )
        if has_text is not None:
            text = torch.where(has_text[:, None], text, self.no_text)
        tokens = torch.cat(
            (self.text_in(text)[:, None], self._tokens(evidence)), dim=1
        )
        out = self.blocks(tokens + self.position)
        shape = (size, frames, NUM_JOINTS)
        change = self.pose_out(out[:, 1:]).float().reshape(*shape, 6)
        log_error = self.error_out(out[:, 1:]).float().reshape(shape)
        return LiftedWindows(
            pose=rot6d_to_matrix(self.rest + change, 'columns'),
            log_error=log_error.clamp(_LEAST, _MOST),
            betas=self.betas_out(out[:, 1:].mean(dim=1)).float(),
        )

    def _tokens(self, evidence: LifterEvidence) -> Tensor:
        """``[B, T / patch, width]``."""
        tokens: Tensor = self.evidence_in(
            self._patches(evidence.frame_features())
        )
        rot6d = matrix_to_rot6d(evidence.estimate, 'columns') - self.rest
        parts = (
            (self.estimate_in, rot6d.flatten(2), evidence.estimate_known),
            (self.camera_in, evidence.camera, evidence.camera_known),
        )
        for linear, values, known in parts:
            there = evidence.valid[..., None] & known[:, None, None]
            added = linear(self._patches(values.masked_fill(~there, 0)))
            tokens = tokens + added * known[:, None, None]
        return tokens

    def _patches(self, values: Tensor) -> Tensor:
        """``[B, T, F]`` to ``[B, T / patch, patch F]``."""
        count = self.frames // self.patch
        return values.reshape(len(values), count, -1)
