"""Sampling weights of windows for the next epoch (paper, Sec. 4.1)."""

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...registry import HOOKS
from ...utils import InputError
from ..adaptor import require


@HOOKS.register_module()
class SegmentReweightHook(Hook):
    """Draws windows by ``1 - sim`` of the last refresh pass.

    Needs a data loader whose batch sampler has ``reweight(similarity)``,
    such as :class:`~semtta_mm.datasets.segment_sampler.SegmentSampler`.
    Without labels there is no similarity, and all weights stay equal.
    """

    priority = 70

    def before_train(self, runner: Runner) -> None:
        """Weights from the un-adapted prediction.

        Raises:
            InputError: If the sampler cannot be weighted.
        """
        require(runner, self, 'windows')
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
        similarity = require(runner, self, 'windows').session.similarity
        if similarity is not None:
            runner.train_dataloader.batch_sampler.reweight(similarity)
