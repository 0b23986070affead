"""Training of a regression head alone, on features extracted once."""

from __future__ import annotations

from typing import Any

from torch import Tensor

from ...checkpoints.weights import load_weights
from ...registry import MODELS
from ...structures import MeshPrediction
from .hmr_trainer import HMRTrainer


@MODELS.register_module()
class HeadTrainer(HMRTrainer):
    """The last layers of an estimator: its ``head_modules()``.

    Lifting keypoints and parts to a body takes many more steps than finding
    them. With all earlier layers frozen, the features of the crops are
    extracted once (``semtta extract-features``) and a step costs a tenth.

    A batch holds ``features`` ``[B, D]`` and the labels of
    :class:`~semtta_mm.models.trainers.HMRTrainer`.

    Args:
        estimator: Config of the estimator.
        weights: Initial weights: a shipped name or a checkpoint; those that
            the features were extracted with.
        prefix: Of the estimator's keys in that checkpoint.
        **kwargs: See :class:`~semtta_mm.models.trainers.HMRTrainer`.
    """

    def __init__(
        self,
        estimator: dict,
        weights: str | None = None,
        prefix: str = 'estimator.',
        **kwargs: Any,
    ) -> None:
        super().__init__(estimator, **kwargs)
        if weights is not None:
            load_weights(self.estimator, weights, prefix)
            # Else the Runner's init_weights() would overwrite what is frozen.
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
