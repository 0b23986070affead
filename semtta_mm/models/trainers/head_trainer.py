"""Training of a regression head on precomputed features."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from torch import Tensor

from ...checkpoints.weights import load_weights
from ...registry import MODELS
from ...structures import MeshPrediction
from .hmr_trainer import HMRTrainer


@MODELS.register_module()
class HeadTrainer(HMRTrainer):
    """The last layers of an estimator: its ``head_modules()``.

    The head needs many more steps than the backbone. The backbone is frozen
    and its features are computed once (``semtta extract-features``), so a
    step costs a tenth.

    A batch contains ``features`` ``[B, D]`` and the labels of
    :class:`~semtta_mm.models.trainers.HMRTrainer`.

    Args:
        estimator: Config of the estimator.
        weights: Initial weights, a shipped name or a checkpoint; those that
            the features were computed with.
        prefix: Prefix of the estimator's keys in that checkpoint.
        fresh_head: Whether the head starts from nothing, so that it knows
            only what the features come from.
        **kwargs: See :class:`~semtta_mm.models.trainers.HMRTrainer`.
    """

    def __init__(
        self,
        estimator: dict,
        weights: str | None = None,
        prefix: str = 'estimator.',
        fresh_head: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(estimator, **kwargs)
        head = self.estimator.head_modules()
        fresh = [deepcopy(module.state_dict()) for module in head]
        if weights is not None:
            load_weights(self.estimator, weights, prefix)
            if fresh_head:
                for module, state in zip(head, fresh, strict=True):
                    module.load_state_dict(state)
            # Otherwise the Runner's init_weights() would overwrite them.
            self.estimator.is_init = True
        self.estimator.train_head_only()

    def forward(  # type: ignore[override]
        self, features: Tensor, mode: str = 'tensor', **labels: Tensor
    ) -> MeshPrediction | dict[str, Tensor] | list[dict[str, Any]]:
        """Mmengine's entry, see :class:`HMRTrainer`."""
        prediction = self.estimator.forward_head(features)
        if mode == 'tensor':
            return prediction
        if mode == 'loss':
            return self.loss(prediction, labels)
        return [self.sample(prediction, labels)]
