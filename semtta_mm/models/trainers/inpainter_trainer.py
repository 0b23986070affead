"""Training of the text inpainter with mmengine's Runner."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.model import BaseModel
from torch import Tensor

from ...registry import MODELS
from ..denoisers.hide import hide_rotations, perturb_rotations
from ..motion_text import read_dictionary


@MODELS.register_module()
class InpainterTrainer(BaseModel):
    """Hides joints of labelled motions and trains their prediction.

    A batch contains ``pose`` ``[B, T, 24, 3, 3]``, ``mask`` ``[B, T]`` and
    ``label`` ``[B]``, as from
    :class:`~semtta_mm.training_data.ActionWindowDataset`.

    Args:
        inpainter: Config of the network.
        dictionary: File of the dictionary, or ``'open'``.
        untold: Fraction of windows without a text.
        seen_weight: Weight of the loss of observed rotations.
        bfloat16: Run the network with autocast.
        **kwargs: See :class:`mmengine.model.BaseModel`.
    """

    def __init__(
        self,
        inpainter: dict,
        dictionary: str = 'open',
        untold: float = 0.15,
        seen_weight: float = 0.25,
        bfloat16: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.inpainter = MODELS.build(inpainter)
        words = read_dictionary(dictionary)
        # From the dictionary, so not stored in a checkpoint.
        self.register_buffer('text', words.embedding, persistent=False)
        self.untold = untold
        self.seen_weight = seen_weight
        self.bfloat16 = bfloat16

    def forward(
        self, pose: Tensor, mask: Tensor, label: Tensor, mode: str = 'tensor'
    ) -> Tensor | dict[str, Tensor] | list[dict[str, Tensor]]:
        """Mmengine's entry.

        Args:
            pose: True rotation matrices ``[B, T, 24, 3, 3]``.
            mask: Valid frames ``[B, T]``, bool.
            label: Rows of the dictionary ``[B]``.
            mode: ``'tensor'``, ``'loss'`` or ``'predict'``.

        Returns:
            Completed motion, losses, or samples for ``InpaintMetric``.
        """
        hidden = hide_rotations(mask.shape[0], mask.shape[1], pose.device)
        given = perturb_rotations(pose)
        if mode == 'predict':
            return self._samples(pose, given, hidden, mask, label)
        has_text = torch.rand(len(label), device=pose.device) >= self.untold
        out = self._complete(given, hidden, mask, label, has_text)
        if mode == 'tensor':
            return out
        valid = mask[..., None].expand_as(hidden)
        error = (out - pose).abs().mean(dim=(3, 4))[:, :, 1:]
        hidden, valid = hidden[:, :, 1:], valid[:, :, 1:]
        return {
            'loss_hidden': _mean(error, hidden & valid),
            'loss_seen': self.seen_weight * _mean(error, ~hidden & valid),
        }

    def _complete(
        self,
        given: Tensor,
        hidden: Tensor,
        mask: Tensor,
        label: Tensor,
        has_text: Tensor,
    ) -> Tensor:
        kind = given.device.type
        with torch.autocast(kind, torch.bfloat16, enabled=self.bfloat16):
            out: Tensor = self.inpainter(
                given, ~hidden, mask, self.text[label], has_text
            )
        return out

    def _samples(
        self,
        pose: Tensor,
        given: Tensor,
        hidden: Tensor,
        mask: Tensor,
        label: Tensor,
    ) -> list[dict[str, Tensor]]:
        """Predictions with the right text, another one, and none."""
        has_text = torch.ones_like(label, dtype=torch.bool)
        other = (label + len(self.text) // 2) % len(self.text)
        rows = {
            'right': self._complete(given, hidden, mask, label, has_text),
            'wrong': self._complete(given, hidden, mask, other, has_text),
            'none': self._complete(given, hidden, mask, label, ~has_text),
            'truth': pose,
            'hidden': hidden & mask[..., None],
        }
        return [{k: v[i] for k, v in rows.items()} for i in range(len(pose))]


def _mean(values: Tensor, at: Tensor) -> Tensor:
    """Mean where ``at`` is True; 0 if it is nowhere True."""
    return (values * at).sum() / at.sum().clamp(min=1)
