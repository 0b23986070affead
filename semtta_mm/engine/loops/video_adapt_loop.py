"""Adapts one network to many tracks, each from the pre-trained weights."""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from mmengine.dist import all_gather_object, get_dist_info
from mmengine.runner import EpochBasedTrainLoop, Runner
from torch import nn

from ...datasets import TrackDataset, TrackFrames
from ...datasets.segment_sampler import window_loader
from ...datasets.segments import Segments, find_segments
from ...evaluation import TrackEvaluator
from ...labeling import (
    LabelResolver,
    LabelSpan,
    check_labels,
    frame_labels,
    write_labels,
)
from ...models.adaptors import FrameLabels
from ...registry import DATASETS, LOOPS, TASK_UTILS
from ...utils import InputError
from ..adaptor import adaptor_of, require
from ..outcome import TrackOutcome, outcomes_report
from ..resume import (
    config_digest,
    discard_outcome,
    read_outcome,
    write_outcome,
)
from ..runners import start_over
from ..stages import stage


@LOOPS.register_module()
class VideoAdaptLoop(EpochBasedTrainLoop):
    """mmengine's epochs, once for each track.

    For every track the network is restored to its pre-trained weights,
    optimizer and schedulers are built again, counters start at 0, and all
    hooks get ``before_train`` ... ``after_train``, as in a separate
    training. A method with another order of steps is a sub-class that
    overrides :meth:`adapt_track`.

    Args:
        runner: The Runner; its model is a ``BaseAdaptor``.
        dataloader: ``dict(dataset=...)`` with the tracks, a config or a
            built dataset, and options of
            :func:`~semtta_mm.datasets.segment_sampler.window_loader`.
        max_epochs: Epochs of each track; the paper's is 6.
        labeler: Config of a labeler; None gives no labels.
        seed: Of the first track; each next track has the next number.
        any_wording: See :class:`~semtta_mm.labeling.LabelResolver`.
        text_encoder: See :class:`~semtta_mm.labeling.LabelResolver`, such
            as ``dict(type='CLIPText', weights=...)``.
        only: Names of the tracks to adapt to; None takes all.
        resume: Leave out tracks that an earlier run with the same settings
            finished in the same folder; its numbers are taken over.

    With several processes each takes its share of the tracks; a track's seed
    does not depend on their number.

    Attributes:
        outcomes: Name to outcome of the tracks of this process.
        evaluator: Compares the tracks with their references, set by the hook
            that measures; None if nothing is measured.
        spans: Name to the labels of the tracks of this process.

    Raises:
        InputError: If there is no track of a name in ``only``.
    """

    adapts_tracks = True
    """Marks loops that adapt to tracks and give a report."""

    def __init__(
        self,
        runner: Runner,
        dataloader: dict[str, Any],
        max_epochs: int,
        labeler: dict[str, Any] | None = None,
        seed: int = 0,
        any_wording: bool = True,
        text_encoder: dict[str, Any] | None = None,
        only: Sequence[str] | None = None,
        resume: bool = False,
    ) -> None:
        options = dict(dataloader)
        dataset = options.pop('dataset')
        if isinstance(dataset, Mapping):
            dataset = DATASETS.build(copy.deepcopy(dataset))
        self.tracks: TrackDataset = dataset
        self.sampler_options = options
        self.seed = seed
        self.resume = resume
        self.numbers = self.tracks.positions(only)
        self.outcomes: dict[str, TrackOutcome] = {}
        self.evaluator: TrackEvaluator | None = None
        self.spans: dict[str, list[LabelSpan]] = {}
        self.labels: LabelResolver | None = None
        if labeler is not None:
            self.labels = LabelResolver(
                TASK_UTILS.build(labeler),
                any_wording,
                text_encoder,
                runner.logger,
            )
        nothing = find_segments(np.arange(1), 1)
        super().__init__(
            runner, window_loader(nothing, options, seed), max_epochs
        )

    @classmethod
    def steps_per_epoch(
        cls, segments: Segments, options: dict[str, Any]
    ) -> int:
        """Steps of an epoch, for the plan of ``--dry-run``.

        Args:
            segments: Windows of a track.
            options: Of ``dataloader``, without the dataset.
        """
        return len(window_loader(segments, options))

    def run(self) -> nn.Module:
        """Adapt to the tracks, one after the other.

        Raises:
            InputError: If labels of a track are missing, before the first
                track starts.
        """
        require(self.runner, self, 'windows')
        if self.labels is not None:
            names = self.tracks.names
            chosen = [names[i] for i in self.numbers]
            check_labels(self.labels.labeler, chosen)
        rank, processes = get_dist_info()
        for number in self.numbers[rank::processes]:
            with self.tracks[number] as frames:
                if not self._restored(frames.name):
                    self._adapt(frames, self.seed + number)
        model: nn.Module = self.runner.model
        return model

    def adapt_track(self, frames: TrackFrames, seed: int) -> None:
        """Adapt to one track.

        Args:
            frames: The track.
            seed: Of all its random choices.
        """
        self.begin_track(frames, seed)
        super().run()

    def run_epoch(self) -> None:
        """One epoch; the session has the number of finished ones."""
        adaptor_of(self.runner).session.epoch = self._epoch
        super().run_epoch()

    def begin_track(self, frames: TrackFrames, seed: int) -> None:
        """Restore the network, and start on a track.

        Args:
            frames: The track.
            seed: Of all its random choices.
        """
        torch.manual_seed(seed)
        with stage(self.runner, 'labels', frames.name):
            labels = self.labels_of(frames)
        if adaptor_of(self.runner).estimator.reads_images:
            size = len(frames)
            with stage(self.runner, 'read', frames.name, size) as report:
                frames.read(report)
        session = adaptor_of(self.runner).begin(frames, labels, seed)
        self.dataloader = window_loader(
            session.segments, self.sampler_options, seed
        )
        self._epoch = self._iter = 0
        self._max_iters = self._max_epochs * len(self.dataloader)
        self.stop_training = False
        self.runner.logger.info(
            f'{frames.name}: {len(frames)} frames, '
            f'{len(session.segments)} windows, {self._max_epochs} epochs of '
            f'{len(self.dataloader)} steps'
        )
        start_over(self.runner)

    def labels_of(self, frames: TrackFrames) -> FrameLabels | None:
        """Action labels as rows of the adaptor's dictionary.

        Writes them to ``labels.json`` in the track's folder.
        """
        dictionary = adaptor_of(self.runner).dictionary
        if self.labels is None or dictionary is None:
            absent = 'labels are given'
            if self.labels is not None:
                absent = 'motion-text model: nothing is aligned'
            self.runner.logger.info(f'{frames.name}: no {absent}')
            return None
        spans = self.labels.spans(frames.track, dictionary)
        self._keep(frames.name, spans)
        return frame_labels(frames.track, spans, dictionary)

    def relabel(self, spans: list[LabelSpan]) -> None:
        """Replace the labels of the current track, in ``labels.json`` too.

        Args:
            spans: Matched with the adaptor's dictionary.

        Raises:
            InputError: If the adaptor has no dictionary.
        """
        adaptor = adaptor_of(self.runner)
        session, dictionary = adaptor.session, adaptor.dictionary
        if dictionary is None:
            problem = 'is absent, so that there are no labels'
            fix = "use model.type='SemTTA' with a motion_text"
            raise InputError('config', 'model.dictionary', problem, fix)
        track = session.frames.track
        session.relabel(frame_labels(track, spans, dictionary))
        sampler: Any = self.dataloader.batch_sampler
        sampler.segments = session.segments
        if session.prediction is not None:
            pose = session.prediction.params.pose
            session.cosines = adaptor.session_cosines(pose)
        self._keep(track.name, spans)

    def report(self) -> dict[str, Any]:
        """All tracks of all processes, in the structure of ``metrics.json``.

        Every process must call it at the same time.
        """
        parts = all_gather_object(self.outcomes)
        outcomes = {k: v for part in parts for k, v in part.items()}
        protocols = self.evaluator.protocols if self.evaluator else {}
        return outcomes_report(outcomes, protocols)

    def _adapt(self, frames: TrackFrames, seed: int) -> None:
        """Adapt to a track, and keep its outcome."""
        folder = self._folder(frames.name)
        discard_outcome(folder)
        start = time.perf_counter()
        try:
            self.adapt_track(frames, seed)
        finally:  # after Ctrl-C too, a bar gives the terminal back
            self.runner.call_hook('end_stage')
        adaptor = adaptor_of(self.runner)
        adaptor.finish()
        outcome = TrackOutcome(
            name=frames.name,
            frames=len(frames),
            rate=frames.track.rate,
            epochs=adaptor.session.history,
            seconds=time.perf_counter() - start,
            errors=adaptor.session.errors,
        )
        self.outcomes[frames.name] = outcome
        folder.mkdir(parents=True, exist_ok=True)
        write_outcome(folder, outcome, config_digest(self.runner.cfg))

    def _restored(self, name: str) -> bool:
        """Whether the outcome of an earlier run is used."""
        if not self.resume:
            return False
        digest = config_digest(self.runner.cfg)
        outcome = read_outcome(self._folder(name), digest)
        if outcome is None:
            return False
        self.runner.logger.info(f'{name}: finished by an earlier run')
        self.outcomes[name] = outcome
        return True

    def _keep(self, name: str, spans: list[LabelSpan]) -> None:
        """Keep the labels of a track, and write them."""
        self.spans[name] = spans
        folder = self._folder(name)
        folder.mkdir(parents=True, exist_ok=True)
        write_labels(folder / 'labels.json', spans)

    def _folder(self, name: str) -> Path:
        return Path(self.runner.work_dir) / name
