"""New chances of windows for the next epoch (paper, Sec. 4.1)."""

from mmengine.hooks import Hook
from mmengine.runner import Runner

from ...datasets.segment_sampler import SegmentSampler
from ...registry import HOOKS
from ..session_of import session_of


@HOOKS.register_module()
class SegmentReweightHook(Hook):
    """Draws windows by ``1 - sim`` of the last refresh pass."""

    priority = 70

    def before_train(self, runner: Runner) -> None:
        """Weights from the un-adapted prediction."""
        self._reweight(runner)

    def after_train_epoch(self, runner: Runner) -> None:
        """Weights for the next epoch."""
        self._reweight(runner)

    def _reweight(self, runner: Runner) -> None:
        sampler = runner.train_dataloader.batch_sampler
        similarity = session_of(runner).similarity
        if isinstance(sampler, SegmentSampler) and similarity is not None:
            sampler.reweight(similarity)
