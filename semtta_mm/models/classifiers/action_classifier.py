"""A classifier of actions that only evaluates."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike

import torch
from mmengine.model import BaseModule
from torch import Tensor, nn

from ...checkpoints.weights import load_weights, weights_exist
from ...conventions import NUM_JOINTS
from ...registry import MODELS
from ...utils.required_files import RequiredFile
from .joint_input import FEATURES, joint_input

OPEN_ACTIONS: tuple[str, ...] = (
    'backflip',
    'balance on one leg',
    'bend forward',
    'bend sideways',
    'cartwheel',
    'clap hands',
    'climb stairs',
    'crawl',
    'dance',
    'direct traffic',
    'drink from a cup',
    'get up from lying',
    'jump',
    'jumping jacks',
    'kick',
    'kick a soccer ball',
    'kneel',
    'look around',
    'lunge',
    'make basketball signals',
    'march in place',
    'play basketball',
    'point at something',
    'punch',
    'reach up',
    'roll on the ground',
    'run',
    'sit',
    'sit down and stand up',
    'spin around',
    'spin kick',
    'squat',
    'stand',
    'step sideways',
    'stretch the arms',
    'talk on the phone',
    'turn around',
    'twist the torso',
    'walk',
    'wave a hand',
)
"""Labels of the open dictionary, the outputs of ``action_classifier_open``."""


@MODELS.register_module()
class ActionClassifier(BaseModule):
    """Recognises the action of a motion from joint positions.

    It evaluates adapted motions and nothing else: it is never part of a loss,
    a gate or the selection of a row or a setting. It shares no weights, no
    input and no seed with the motion-text model that adaptation uses: joint
    positions instead of rotations, convolutions over time instead of
    attention, labels instead of text vectors. Both know the same library of
    motions; clips of dev and test are in neither.

    Args:
        labels: Actions, the order of the outputs.
        width: Channels.
        dilations: Of the residual blocks; each has two convolutions of three
            frames.
        frames: Frames of a window at 30 fps, at most.
        dropout: Rate of dropout before the last layer.
        weights: Weights to start from; None keeps random ones.
        init_cfg: mmengine's initialisation config.
    """

    required_files = (
        RequiredFile(
            'weights',
            'action classifier',
            'action_classifier_open ships',
            weights_exist,
        ),
    )

    def __init__(
        self,
        labels: Sequence[str] = OPEN_ACTIONS,
        width: int = 128,
        dilations: Sequence[int] = (1, 2, 4, 8),
        frames: int = 60,
        dropout: float = 0.3,
        weights: str | PathLike[str] | None = None,
        init_cfg: dict | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.labels, self.frames = tuple(labels), frames
        self.entry = nn.Linear(FEATURES, width)
        self.blocks = nn.ModuleList(
            _Residual(width, dilation) for dilation in dilations
        )
        self.norm = nn.LayerNorm(2 * width)
        self.dropout = nn.Dropout(dropout)
        self.exit = nn.Linear(2 * width, len(self.labels))
        if weights is not None:
            load_weights(self, weights)

    def forward(self, joints: Tensor, mask: Tensor | None = None) -> Tensor:
        """Classify windows at 30 fps.

        Args:
            joints: ``smpl_24`` ``[B, T, 24, 3]``, m, any axes and origin.
            mask: ``[B, T]`` bool, True where a frame is valid, the first
                ones; None means all.

        Returns:
            Logits ``[B, L]``.

        Raises:
            ValueError: If a shape is wrong, a window is too long, or a
                window has no frame.
        """
        mask = self._check(joints, mask)
        x = self.entry(joint_input(joints, mask))
        for block in self.blocks:
            x = block(x, mask)
        there = mask[..., None]
        mean = (x * there).sum(1) / there.sum(1)
        most = x.masked_fill(~there, -torch.inf).amax(1)
        out = self.norm(torch.cat((mean, most), dim=-1))
        logits: Tensor = self.exit(self.dropout(out))
        return logits

    def _check(self, joints: Tensor, mask: Tensor | None) -> Tensor:
        if joints.ndim != 4 or joints.shape[2:] != (NUM_JOINTS, 3):
            raise ValueError(
                f'joints: expected [B, T, {NUM_JOINTS}, 3], got '
                f'{list(joints.shape)}'
            )
        shape = joints.shape[:2]
        if shape[1] > self.frames:
            raise ValueError(
                f'joints: windows have at most {self.frames} frames, got '
                f'{shape[1]}'
            )
        if mask is None:
            mask = torch.ones(shape, dtype=torch.bool, device=joints.device)
        if mask.shape != shape or mask.dtype != torch.bool:
            raise ValueError(
                f'mask: expected bool {list(shape)}, got {mask.dtype} '
                f'{list(mask.shape)}'
            )
        if not mask.any(1).all():
            raise ValueError('mask: a window has no frame')
        return mask


class _Residual(nn.Module):
    """Two convolutions over time; invalid frames stay zero inside."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(width)
        self.first = nn.Conv1d(
            width, width, 3, padding=dilation, dilation=dilation
        )
        self.second = nn.Conv1d(width, width, 3, padding=1)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        """``[B, T, C]`` to the same shape."""
        valid = mask[:, None]
        out = self.norm(x).transpose(1, 2) * valid
        out = nn.functional.gelu(self.first(out)) * valid
        return x + self.second(out).transpose(1, 2)
