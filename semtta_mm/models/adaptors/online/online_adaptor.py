"""What BOA and DynaBOA share: levels, teacher, history, source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal, get_args

import torch
from mmengine.optim import OptimWrapper
from torch import Tensor

from ....datasets import TrackFrames
from ....datasets.source_bank import SourceBank
from ....registry import TASK_UTILS
from ....structures import MeshPrediction
from ....utils import InputError
from ...estimators import evaluation_mode
from ..base import BaseAdaptor
from ..batch import WindowBatch
from ..session import FrameLabels, Session
from .functional import (
    AdaptingPart,
    Parameters,
    dropout_as_in_training,
    ema_update,
    frozen_copy,
    inner_step,
    update_if_finite,
)
from .history import FrameHistory, FrameKey
from .source import clustered, source_sample, with_joints
from .step import OnlineFrames, OnlineInput, SourceSample

Confidence = Literal['score', 'visible']


class OnlineAdaptor(BaseAdaptor):
    """Base of methods that adapt on each new frame before predicting it.

    A step takes the new frames only; of earlier ones it keeps as many as the
    motion term needs. The network is in eval mode throughout.

    Args:
        estimator: See :class:`BaseAdaptor`.
        body: See :class:`BaseAdaptor`.
        upper_only: Names of ``losses`` that the lower level has not.
        inner_lr: Size of the lower level's step.
        second_order: Whether gradients pass through the lower level's
            gradient (BOA), or it counts as a constant (DynaBOA).
        teacher_decay: Share of its own that the teacher keeps in a step.
        teacher_dropout: Quirk of DynaBOA's script: the teacher's dropout
            stays active.
        motion_interval: Frames between those that the motion term compares.
        motion_by_position: Quirk of the published code: by position in the
            order of frames, across gaps and tracks; False compares frame
            numbers of one track.
        confidence: Weight of detected keypoints: their ``'score'``, or 1 if
            they are ``'visible'``.
        source: Config of a reader of a
            :class:`~semtta_mm.datasets.source_bank.SourceBank`; None works
            without source data.
        source_batch: Crops of the source in a step.
        clusters: Cluster the source anew with this network into so many
            clusters; None takes those of the bank.
        **kwargs: See :class:`BaseAdaptor`; not ``shape='track'``, which would
            need later frames.
    """

    provides = frozenset({'windows'})

    def __init__(
        self,
        estimator: dict[str, Any],
        body: dict[str, Any],
        upper_only: Sequence[str] = ('teacher', 'motion'),
        inner_lr: float = 8e-6,
        second_order: bool = True,
        teacher_decay: float = 0.1,
        teacher_dropout: bool = False,
        motion_interval: int = 5,
        motion_by_position: bool = False,
        confidence: Confidence = 'score',
        source: Mapping[str, Any] | None = None,
        source_batch: int = 1,
        clusters: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(estimator, body, **kwargs)
        if self.shape == 'track':
            raise InputError(
                'config',
                'model.shape',
                "'track' needs all frames, an online method has the past",
                "use model.shape='frame'",
            )
        if confidence not in get_args(Confidence):
            raise ValueError(f"confidence: unknown {confidence!r}: 'score'")
        self.upper_only = frozenset(upper_only)
        self.inner_lr, self.second_order = inner_lr, second_order
        self.teacher_decay = teacher_decay
        self.teacher_dropout = teacher_dropout
        self.confidence: Confidence = confidence
        self.source_batch, self.clusters = source_batch, clusters
        self.history = FrameHistory(motion_interval, motion_by_position)
        # A tuple keeps it out of the module's state.
        self._part = (AdaptingPart(self.estimator, self.adapts == 'head'),)
        self._teacher: dict[str, Tensor] = {}
        self.bank: SourceBank | None = None
        if source is not None:
            self.bank = TASK_UTILS.build(dict(source))()
        self._drawn = 0

    def begin(
        self,
        frames: TrackFrames,
        labels: FrameLabels | None = None,
        seed: int = 0,
        restore: float = 1.0,
    ) -> Session:
        """See :meth:`BaseAdaptor.begin`; a full reset forgets the past."""
        session = super().begin(frames, labels, seed, restore)
        if restore == 1:
            self.forget()
        self._prepare_source()
        return session

    def forget(self) -> None:
        """Reset teacher, history and the order of the source."""
        self.history.clear()
        self._teacher = frozen_copy(self.part.parameters_now())
        self._drawn = 0

    @property
    def part(self) -> AdaptingPart:
        """The part of the network that adapts."""
        return self._part[0]

    @property
    def teacher(self) -> Parameters:
        """Parameters of the teacher, by name."""
        return self._teacher

    def train_step(
        self, data: Mapping[str, Any], optim_wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        """Adapt to the frames of one window.

        Args:
            data: ``windows [1]``, a number of the session's windows.
            optim_wrapper: Of the network.

        Returns:
            Values for the log.
        """
        windows = torch.as_tensor(data['windows'])
        batch = WindowBatch.gather(self.session, windows, self.device)
        return self.adapt_frames(batch, optim_wrapper)

    def adapt_frames(
        self, batch: WindowBatch, optim_wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        """Adapt to new frames, and keep what later frames need of them.

        Args:
            batch: The frames, in order, as one window.
            optim_wrapper: Of the network.

        Returns:
            Values for the log.
        """
        batch = self._weighted(batch)
        keys = self._keys(batch)
        with evaluation_mode(self.estimator):
            frames = OnlineFrames(
                batch,
                self.history.past_of(keys, batch),
                self.draw_source(batch),
            )
            log = self.adapt_to(frames, optim_wrapper)
        self.history.add(keys, batch)
        return log

    def adapt_to(
        self, frames: OnlineFrames, optim_wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        """All steps of the method on new frames; here one bilevel step."""
        return self.bilevel_step(frames, optim_wrapper)

    def bilevel_step(
        self, frames: OnlineFrames, optim_wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        """A step of the lower level, and the optimizer's on the upper loss.

        The upper loss is that of the parameters after the lower step; its
        gradient moves the parameters before it.
        """
        now = self.part.parameters_now()
        lower = self.level(frames, now, upper=False)
        total = self.parse_losses(lower)[0]
        moved = inner_step(total, now, self.inner_lr, self.second_order)
        return self._outer(self.level(frames, moved), optim_wrapper)

    def single_step(
        self, frames: OnlineFrames, optim_wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        """A step of the optimizer on the upper loss of the network itself."""
        now = self.part.parameters_now()
        return self._outer(self.level(frames, now), optim_wrapper)

    def level(
        self,
        frames: OnlineFrames,
        parameters: Parameters,
        upper: bool = True,
    ) -> dict[str, Tensor]:
        """Losses of a level.

        Args:
            frames: The new frames.
            parameters: Of the network.
            upper: Whether losses of the upper level are included.

        Returns:
            ``loss_{name}`` of each, weighted.
        """
        run = self.part.under(parameters)
        step = OnlineInput(
            batch=frames.batch,
            prediction=run(frames.batch.inputs),
            session=self.session,
            adaptor=self,
            run=run,
            past=frames.past,
            source=frames.source,
            teacher=self._taught(frames.batch) if upper else None,
        )
        losses = {
            f'loss_{name}': loss(step)
            for name, loss in self.losses.items()
            if upper or name not in self.upper_only
        }
        return losses | step.log

    def draw_source(self, batch: WindowBatch) -> SourceSample | None:
        """Labelled crops for a step: here the next of the bank, in order."""
        if self.bank is None or not len(self.bank):
            return None
        rows = [
            (self._drawn + i) % len(self.bank)
            for i in range(self.source_batch)
        ]
        self._drawn += len(rows)
        return self.sample(rows)

    def sample(self, rows: Sequence[int]) -> SourceSample:
        """Crops of the bank by number."""
        assert self.bank is not None
        head = self.adapts == 'head'
        return source_sample(self.bank, rows, self.estimator, head)

    def _outer(
        self, losses: dict[str, Tensor], optim_wrapper: OptimWrapper
    ) -> dict[str, Tensor]:
        """A step of the optimizer, then of the teacher."""
        total, log = self.parse_losses(losses)
        if total.requires_grad:
            update_if_finite(total, self.estimator, optim_wrapper)
        now = self.part.parameters_now()
        ema_update(self._teacher, now, self.teacher_decay)
        values: dict[str, Tensor] = dict(log)
        return values

    @torch.no_grad()
    def _taught(self, batch: WindowBatch) -> MeshPrediction | None:
        if 'teacher' not in self.losses:
            return None
        run = self.part.under(self._teacher)
        with dropout_as_in_training(self.estimator, self.teacher_dropout):
            return run(batch.inputs)

    def _weighted(self, batch: WindowBatch) -> WindowBatch:
        """The batch with confidences as weights of its keypoints."""
        if self.confidence == 'visible':
            return batch
        scores = self.session.scores[batch.frame.cpu()].to(batch.weight)
        return replace(batch, weight=batch.weight * scores)

    def _keys(self, batch: WindowBatch) -> list[FrameKey]:
        frames = self.session.frames
        numbers = frames.frame_ids[batch.frame.cpu()].tolist()
        return [FrameKey(frames.name, n, frames.stride) for n in numbers]

    def _prepare_source(self) -> None:
        """Complete the bank once the networks are on their device."""
        if self.bank is None:
            return
        self.bank.check_body(self.body.is_open)
        self.bank = with_joints(self.bank, self.body)
        if self.clusters is not None:
            with evaluation_mode(self.estimator):
                self.bank = clustered(self.bank, self.estimator, self.clusters)
            self.clusters = None
