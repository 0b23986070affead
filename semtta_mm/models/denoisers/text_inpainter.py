"""Predicts hidden joints from observed ones and a text."""

from __future__ import annotations

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn

from ...conventions import NUM_JOINTS
from ...geometry import matrix_to_rot6d, rot6d_to_matrix
from ...registry import MODELS

LOCAL = NUM_JOINTS - 1
"""Joints whose rotations are predicted: all but the root."""


@MODELS.register_module()
class TextInpainter(BaseModule):
    """Transformer over frames that predicts unobserved rotations.

    Not in the paper. The alignment loss (Eq. 4) is a score of a motion given
    its text, and many motions that raise it are not natural
    (docs/alignment_diagnosis.md). This network predicts the motion itself,
    conditioned on the observed joints and the text. A text has no phase; the
    observed joints, such as arms and trunk, determine it.

    A frame is a token: 6D rotations, 0 where hidden, and the mask of observed
    joints. The text is one more token; a learned vector replaces a missing
    text.

    Args:
        text_dim: Dimension of the text vectors.
        frames: Longest window T, frames at 30 fps.
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
        width: int = 256,
        layers: int = 4,
        heads: int = 4,
        feedforward: int = 512,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.frames = frames
        self.pose_in = nn.Linear(LOCAL * 7, width)
        self.text_in = nn.Linear(text_dim, width)
        self.no_text = nn.Parameter(torch.zeros(text_dim))
        self.position = nn.Parameter(torch.randn(frames + 1, width) * 0.02)
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
        self.pose_out = nn.Linear(width, LOCAL * 6)
        nn.init.zeros_(self.pose_out.weight)
        nn.init.zeros_(self.pose_out.bias)

    def forward(
        self,
        pose: Tensor,
        observed: Tensor,
        mask: Tensor,
        text: Tensor,
        has_text: Tensor | None = None,
    ) -> Tensor:
        """Complete windows.

        Args:
            pose: Rotation matrices ``[B, T, 24, 3, 3]`` at 30 fps; values of
                hidden joints are ignored.
            observed: Observed rotations ``[B, T, 24]``, bool.
            mask: Valid frames ``[B, T]``, bool.
            text: Unit vectors of the texts ``[B, D]``.
            has_text: Samples with a text ``[B]``, bool; None: all.

        Returns:
            ``[B, T, 24, 3, 3]``: predictions of all local rotations, hidden
            or not; the root is that of the input.

        Raises:
            ValueError: If a shape is wrong or a window is too long.
        """
        self._check(pose, observed, mask)
        observed = (observed & mask[..., None])[:, :, 1:]
        rot6d = matrix_to_rot6d(pose[:, :, 1:], 'columns')
        rot6d = rot6d.masked_fill(~observed[..., None], 0)
        frames = torch.cat((rot6d.flatten(2), observed.to(rot6d)), -1)
        if has_text is not None:
            text = torch.where(has_text[:, None], text, self.no_text)
        tokens = torch.cat(
            (self.text_in(text)[:, None], self.pose_in(frames)), 1
        )
        padding = nn.functional.pad(~mask, (1, 0), value=False)
        out = self.blocks(
            tokens + self.position[: tokens.shape[1]],
            src_key_padding_mask=padding,
        )
        change = self.pose_out(out[:, 1:]).float().unflatten(-1, (LOCAL, 6))
        # The output is a correction: of the rest pose at hidden joints, of the
        # input at observed ones.
        rest = matrix_to_rot6d(torch.eye(3).to(pose), 'columns')
        start = torch.where(observed[..., None], rot6d, rest)
        local = rot6d_to_matrix(start + change, 'columns')
        return torch.cat((pose[:, :, :1], local), dim=2)

    def _check(self, pose: Tensor, observed: Tensor, mask: Tensor) -> None:
        if pose.ndim != 5 or pose.shape[2:] != (NUM_JOINTS, 3, 3):
            raise ValueError(
                f'pose: expected [B, T, {NUM_JOINTS}, 3, 3], got '
                f'{list(pose.shape)}'
            )
        if pose.shape[1] > self.frames:
            raise ValueError(
                f'pose: windows have at most {self.frames} frames, got '
                f'{pose.shape[1]}'
            )
        for name, value, dims in (
            ('observed', observed, 3),
            ('mask', mask, 2),
        ):
            want = pose.shape[:dims]
            if value.shape != want or value.dtype != torch.bool:
                raise ValueError(
                    f'{name}: expected bool {list(want)}, got '
                    f'{value.dtype} {list(value.shape)}'
                )
