"""Adapts on each new frame of a track, then predicts it, once."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, get_args

import torch
from mmengine.dist import get_dist_info
from mmengine.runner import Runner
from torch import Tensor, nn
from torch.utils.data import DataLoader

from ...datasets import TrackFrames
from ...datasets.segment_sampler import WindowNumbers
from ...datasets.segments import Segments
from ...evaluation.track_sample import reference_convention
from ...models.adaptors import BaseAdaptor
from ...models.estimators import evaluation_mode, predict_track
from ...registry import LOOPS
from ...structures import MeshPrediction
from ...utils import InputError
from ..adaptor import adaptor_of
from ..hooks.refresh_hook import RefreshHook
from ..runners import start_over
from ..stages import stage
from .online_frames import bodies_on, frame_batches, join_bodies
from .video_adapt_loop import VideoAdaptLoop

Reset = Literal['track', 'never']
_FIX = "use train_cfg.reset='track', in which each track starts anew"


@LOOPS.register_module()
class OnlineAdaptLoop(VideoAdaptLoop):
    """One pass over the frames of each track, in their order.

    For each new frame: a step of the method on it, then its prediction with
    the network after the step, in eval mode. The result of the track is made
    of those predictions; no frame is predicted again. Hooks get what
    :class:`VideoAdaptLoop` gives them: the pass is one epoch, a frame (or
    batch of frames) one step. The method sees the new frames only, and keeps
    what it needs of earlier ones, so that cost and memory of a step do not
    grow with the track.

    Args:
        runner: See :class:`VideoAdaptLoop`.
        dataloader: ``dict(dataset=..., batch_size=1)``; new frames of a step.
        max_epochs: 1; a frame that has been predicted is past.
        reset: ``'track'``: each track starts from the pre-trained weights, as
            all methods of this toolbox do; or ``'never'``: network,
            optimizer, teacher and history go on from track to track, as BOA
            and DynaBOA are published.
        soft_reset: With ``'never'``: share of the way back to the
            pre-trained weights at the start of each further track.
        **kwargs: See :class:`VideoAdaptLoop`; labels are not needed.

    Raises:
        InputError: If an option does not fit, or a hook would predict frames
            again.
    """

    def __init__(
        self,
        runner: Runner,
        dataloader: dict[str, Any],
        max_epochs: int = 1,
        reset: Reset = 'track',
        soft_reset: float = 0.0,
        **kwargs: Any,
    ) -> None:
        self.reset, self.soft_reset = reset, soft_reset
        self.started = False
        self.frame_batch = int(dataloader.get('batch_size', 1))
        self._bodies: list[MeshPrediction] = []
        super().__init__(
            runner, {'batch_size': 1, **dataloader}, max_epochs, **kwargs
        )
        self._check_options()

    def _check_options(self) -> None:
        if self._max_epochs != 1:
            problem = f'is {self._max_epochs}, but each frame comes once'
            _refuse('max_epochs', problem, 'use train_cfg.max_epochs=1')
        if self.reset not in get_args(Reset):
            _refuse('reset', f'is {self.reset!r}', _FIX)
        if not 0 <= self.soft_reset < 1:
            fix = "give 0 to below 1; reset='track' is a full reset"
            _refuse('soft_reset', f'is {self.soft_reset}', fix)
        if self.reset == 'track':
            return
        if self.resume:
            problem = "with reset='never' needs the state of an ended run"
            _refuse('resume', problem, f'leave it out, or {_FIX}')
        if get_dist_info()[1] > 1:
            problem = "with 'never' goes over the tracks in one order"
            _refuse('reset', problem, f'use one process, or {_FIX}')

    @classmethod
    def steps_per_epoch(
        cls, segments: Segments, options: dict[str, Any]
    ) -> int:
        """See :meth:`VideoAdaptLoop.steps_per_epoch`; gaps add steps."""
        frames = int(segments.index.max()) + 1
        return -(-frames // int(options.get('batch_size', 1)))

    def run(self) -> nn.Module:
        """Adapt to the tracks, one after the other.

        Raises:
            InputError: If a hook would predict frames again.
        """
        if any(isinstance(hook, RefreshHook) for hook in self.runner.hooks):
            raise InputError(
                'config',
                'hooks.refresh',
                'would replace the online predictions',
                'set hooks.refresh=None',
            )
        self.started = False
        return super().run()

    def begin_track(self, frames: TrackFrames, seed: int) -> None:
        """Start on a track, from pre-trained weights or the last track's.

        Args:
            frames: The track.
            seed: Of all its random choices.
        """
        goes_on = self.reset == 'never' and self.started
        torch.manual_seed(seed)
        with stage(self.runner, 'labels', frames.name):
            labels = self.labels_of(frames)
        adaptor = adaptor_of(self.runner)
        if adaptor.estimator.reads_images:
            size = len(frames)
            with stage(self.runner, 'read', frames.name, size) as report:
                frames.read(report)
        options = {'restore': self.soft_reset} if goes_on else {}
        session = adaptor.begin(frames, labels, seed, **options)
        session.segments = frame_batches(
            frames.frame_ids.numpy(), frames.stride, self.frame_batch
        )
        with pretrained(adaptor, goes_on):
            session.prediction = adaptor.predict_track(self._joints(frames))
        self.dataloader = DataLoader(WindowNumbers(len(session.segments)))
        self._bodies = []
        self._epoch = self._iter = 0
        self._max_iters = len(self.dataloader)
        self.stop_training = False
        start = 'the last track' if goes_on else 'the pre-trained weights'
        self.runner.logger.info(
            f'{frames.name}: {len(frames)} frames, online, '
            f'{self.frame_batch} at a time, from {start}'
        )
        if not goes_on:
            start_over(self.runner)
        self.started = True

    def run_epoch(self) -> None:
        """The pass over the track; the session then has its result."""
        adaptor = adaptor_of(self.runner)
        session = adaptor.session
        session.epoch = self._epoch
        self.runner.call_hook('before_train_epoch')
        self.runner.model.train()
        for number, data in enumerate(self.dataloader):
            self.run_iter(number, data)
        bodies = join_bodies(self._bodies)
        session.prediction = predict_track(
            adaptor.estimator,
            adaptor.body,
            session.frames,
            self._joints(session.frames),
            intrinsics=session.intrinsics,
            predict=lambda part: bodies_on(bodies, part, adaptor.device),
        )
        self.runner.call_hook('after_train_epoch')
        self._epoch += 1

    def run_iter(self, idx: int, data_batch: Any) -> None:
        """A step on new frames, and their prediction.

        Args:
            idx: Number of the step.
            data_batch: ``windows [1]``: the frames.
        """
        self.runner.call_hook(
            'before_train_iter', batch_idx=idx, data_batch=data_batch
        )
        outputs = self.runner.model.train_step(
            data_batch, optim_wrapper=self.runner.optim_wrapper
        )
        self._bodies.append(self._predict(data_batch['windows']))
        self.runner.call_hook(
            'after_train_iter',
            batch_idx=idx,
            data_batch=data_batch,
            outputs=outputs,
        )
        self._iter += 1

    @torch.no_grad()
    def _predict(self, windows: Tensor) -> MeshPrediction:
        """Bodies of a step's frames, on the CPU."""
        adaptor = adaptor_of(self.runner)
        part = adaptor.session.segments[windows]
        inputs = adaptor.session.inputs[part.index[part.valid]]
        with evaluation_mode(adaptor.estimator):
            found = adaptor.predict(inputs.to(adaptor.device))
        return MeshPrediction(found.params.map(Tensor.cpu), found.camera.cpu())

    def _joints(self, frames: TrackFrames) -> tuple[str, ...]:
        return reference_convention(frames.reference), 'smpl_24'


@contextmanager
def pretrained(adaptor: BaseAdaptor, moved: bool = True) -> Iterator[None]:
    """The pre-trained weights inside of the block.

    Args:
        adaptor: With its network.
        moved: Whether its weights are others now; False does nothing.
    """
    if not moved:
        yield
        return
    state = copy.deepcopy(adaptor.estimator.state_dict())
    adaptor.restore()
    try:
        yield
    finally:
        adaptor.estimator.load_state_dict(state)


def _refuse(field: str, problem: str, fix: str) -> None:
    raise InputError('config', f'train_cfg.{field}', problem, fix)
