"""Sampling weights of windows for the next epoch (paper, Sec. 4.1)."""

from typing import Any

import torch
from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...models.adaptors import BaseAdaptor
from ...models.adaptors.agreement import label_rank
from ...models.adaptors.gate import MotionTextGate
from ...registry import HOOKS, MODELS
from ...utils import InputError
from ..adaptor import require


@HOOKS.register_module()
class SegmentReweightHook(Hook):
    """Draws windows by ``1 - sim`` of the last refresh pass.

    Needs a data loader whose batch sampler has ``reweight(similarity)``,
    such as :class:`~semtta_mm.datasets.segment_sampler.SegmentSampler`.
    Without labels there is no similarity, and all weights stay equal.

    Args:
        gate: Beyond the paper: config of a second motion-text model that
            gives the cosines, such as ``MotionTextGate``. That of the loss
            is near 1 after an epoch, so that all weights are equal. None
            asks that one.
    """

    priority = 70

    def __init__(self, gate: dict[str, Any] | None = None) -> None:
        self.gate: MotionTextGate | None = None
        if gate is not None:
            self.gate = MODELS.build(gate)

    def before_train(self, runner: Runner) -> None:
        """Weights from the un-adapted prediction.

        Raises:
            InputError: If the sampler cannot be weighted, or the gate is of
                another text space.
        """
        adaptor = require(runner, self, 'windows')
        if self.gate is not None:
            self.gate.check(adaptor.dictionary)
        sampler = runner.train_dataloader.batch_sampler
        if not callable(getattr(sampler, 'reweight', None)):
            raise InputError(
                'config',
                'SegmentReweightHook',
                f'cannot weight the sampler {type(sampler).__name__}',
                'use a SegmentSampler, or set the role of this hook to None',
            )
        self._reweight(runner)

    def after_train_epoch(self, runner: Runner) -> None:
        """Weights for the next epoch."""
        self._reweight(runner)

    def _reweight(self, runner: Runner) -> None:
        similarity = self.similarity(require(runner, self, 'windows'))
        if similarity is not None:
            runner.train_dataloader.batch_sampler.reweight(similarity)

    def similarity(self, adaptor: BaseAdaptor) -> torch.Tensor | None:
        """Cosine of each window with its own text ``[N]``.

        Args:
            adaptor: After a refresh pass.

        Returns:
            None without a motion-text model.
        """
        session = adaptor.session
        if self.gate is None or adaptor.dictionary is None:
            return session.similarity
        cosines = self.gate.cosines(
            session, adaptor.dictionary, adaptor.device
        )
        return label_rank(cosines, session.segments.label)[0]
