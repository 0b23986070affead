"""A method with a loop of its own: frame after frame, as they come."""

import torch

from semtta_mm.engine.adaptor import adaptor_of
from semtta_mm.engine.loops import VideoAdaptLoop
from semtta_mm.models.adaptors import BaseAdaptor

from .registry import LOOPS, MODELS


@MODELS.register_module()
class CameraAdaptor(BaseAdaptor):
    """Adapts the bias of the last layer; counts its tracks."""

    provides = frozenset({'windows'})  # no pose bank, no smoothing targets

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.finished = 0
        for name, parameter in self.estimator.named_parameters():
            parameter.requires_grad_(name.endswith('layer.bias'))

    def finish(self) -> None:
        self.finished += 1


@LOOPS.register_module()
class InOrderLoop(VideoAdaptLoop):
    """One pass over the windows in order; no epochs."""

    def __init__(self, *args, steps: int = 2, **kwargs) -> None:
        kwargs.setdefault('max_epochs', 1)
        super().__init__(*args, **kwargs)
        self.steps = steps

    @classmethod
    def steps_per_epoch(cls, segments, options) -> int:
        return len(segments)

    def adapt_track(self, frames, seed) -> None:
        self.begin_track(frames, seed)
        runner, adaptor = self.runner, adaptor_of(self.runner)
        runner.call_hook('before_train')
        runner.model.train()
        for window in range(len(adaptor.session.segments)):
            for _ in range(self.steps):
                batch = {'windows': torch.tensor([window])}
                adaptor.train_step(batch, runner.optim_wrapper)
        runner.call_hook('after_train_epoch')
        runner.call_hook('after_train')
