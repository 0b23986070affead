"""Pre-training of a motion denoiser with mmengine's Runner."""

from __future__ import annotations

from typing import Any

from mmengine.model import BaseModel
from torch import Tensor

from ...registry import MODELS
from ..denoisers import hidden_l1_loss


@MODELS.register_module()
class MDNetTrainer(BaseModel):
    """Predicts clean windows from noisy ones; the loss is on hidden frames.

    A batch contains ``noisy`` and ``clean`` ``[B, T, 24, 3, 3]`` and
    ``hidden`` ``[B, T]``, as from
    :class:`~semtta_mm.training_data.MotionWindowDataset`.

    Args:
        denoiser: Config of the denoiser that is trained.
        **kwargs: See :class:`mmengine.model.BaseModel`.
    """

    def __init__(self, denoiser: dict, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.denoiser = MODELS.build(denoiser)

    def forward(
        self, noisy: Tensor, mode: str = 'tensor', **labels: Tensor
    ) -> Tensor | dict[str, Tensor] | list[dict[str, Tensor]]:
        """Mmengine's entry.

        Args:
            noisy: Rotation matrices ``[B, T, 24, 3, 3]``.
            mode: ``'tensor'``, ``'loss'`` or ``'predict'``.
            **labels: See the class; ``clean`` is not needed for
                ``'tensor'``.

        Returns:
            Denoised rotations, the loss, or samples for
            ``MotionDenoiseMetric``.
        """
        hidden = labels.get('hidden')
        if mode == 'tensor':
            return self.denoiser(noisy, hidden)
        clean, hidden = labels['clean'], labels['hidden']
        if mode == 'loss':
            rot6d = self.denoiser.rot6d(noisy, hidden)
            return {'loss_hidden': hidden_l1_loss(rot6d, clean, hidden)}
        values = {
            'denoised': self.denoiser(noisy, hidden),
            'clean': clean,
            'noisy': noisy,
            'hidden': hidden,
        }
        return [
            {k: v[i] for k, v in values.items()} for i in range(len(noisy))
        ]
