"""Adapts one network to many tracks, each from the same start."""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from mmengine.dist import get_dist_info
from mmengine.runner import EpochBasedTrainLoop, Runner
from torch import nn

from ...datasets import TrackDataset, TrackFrames
from ...datasets.segments import find_segments
from ...labeling import (
    FileLabeler,
    frame_labels,
    match_spans,
    write_labels,
)
from ...models.adaptors import FrameLabels
from ...models.motion_text import TextEncoder, load_encoder
from ...registry import DATASETS, LOOPS, MODELS, TASK_UTILS
from ...utils import InputError, MissingDependencyError
from ..resume import forget, recall, record
from ..runners import start_over
from ..session_of import adaptor_of
from .track_choice import chosen_numbers
from .window_loader import window_loader


@LOOPS.register_module()
class VideoAdaptLoop(EpochBasedTrainLoop):
    """mmengine's epochs, once for each track.

    For every track the network goes back to its pre-trained weights,
    optimizer and schedulers are built anew, counters start at 0, and all
    hooks get ``before_train`` ... ``after_train``, as in a training of its
    own.

    Args:
        runner: The Runner; its model is a ``SemTTA``.
        dataloader: ``dict(dataset=...)`` with the tracks and options of
            :class:`~semtta_mm.datasets.segment_sampler.SegmentSampler`.
        max_epochs: Epochs of each track; the paper's is 6.
        labeler: Config of what says what the person does; None says nothing.
        seed: Of the first track; the next ones count on.
        any_wording: Find the label that a text means with the dictionary's
            text encoder, if the text is no label itself.
        text_encoder: Config of that encoder, such as
            ``dict(type='CLIPText', weights=...)``; None knows that of the
            dictionary that ships.
        only: Names of the tracks to adapt to; None takes all.
        resume: Leave out tracks that an earlier run with the same settings
            finished in the same folder; its numbers are taken over.

    With several processes each takes its share of the tracks; a track's seed
    does not depend on their number.

    Raises:
        InputError: If there is no track of a name in ``only``.
    """

    def __init__(
        self,
        runner: Runner,
        dataloader: dict,
        max_epochs: int,
        labeler: dict | None = None,
        seed: int = 0,
        any_wording: bool = True,
        text_encoder: dict | None = None,
        only: Sequence[str] | None = None,
        resume: bool = False,
    ) -> None:
        options = copy.deepcopy(dict(dataloader))
        self.tracks: TrackDataset = DATASETS.build(options.pop('dataset'))
        self.sampler_options = options
        self.labeler = None if labeler is None else TASK_UTILS.build(labeler)
        self.seed = seed
        self.any_wording = any_wording
        self._encoder: TextEncoder | None = None
        self._encoder_config = text_encoder
        self.resume = resume
        self.numbers = chosen_numbers(self.tracks.names, only)
        nothing = find_segments(np.arange(1), 1)
        super().__init__(
            runner, window_loader(nothing, options, seed), max_epochs
        )

    def run(self) -> nn.Module:
        """Adapt to the tracks, one after the other.

        Raises:
            InputError: If a track has no label file, before the first starts.
        """
        if isinstance(self.labeler, FileLabeler):
            names = self.tracks.names
            self.labeler.check([names[i] for i in self.numbers])
        rank, processes = get_dist_info()
        for number in self.numbers[rank::processes]:
            with self.tracks[number] as frames:
                if self.resume and recall(self.runner, frames.name):
                    continue
                forget(self.runner, frames.name)
                start = time.perf_counter()
                self.take_up(frames, self.seed + number)
                super().run()
                seconds = time.perf_counter() - start
                record(self.runner, frames.name, seconds)
        return self.runner.model

    def take_up(self, frames: TrackFrames, seed: int) -> None:
        """Start anew on a track.

        Args:
            frames: The track.
            seed: Of all its random choices.
        """
        torch.manual_seed(seed)
        session = adaptor_of(self.runner).begin(
            frames, self.labels_of(frames), seed
        )
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
        """What the person does, as rows of the adaptor's dictionary."""
        dictionary = adaptor_of(self.runner).dictionary
        if self.labeler is None or dictionary is None:
            absent = 'motion-text model' if self.labeler else 'labels'
            self.runner.logger.info(
                f'{frames.name}: no {absent}: nothing is aligned'
            )
            return None
        said = self.labeler(frames.track)
        spans = match_spans(said, dictionary)
        unknown = any(span.dictionary_entry is None for span in spans)
        if unknown and self.any_wording:
            encoder = self.text_encoder(dictionary.encoder)
            spans = match_spans(said, dictionary, encoder)
        folder = Path(self.runner.work_dir) / frames.name
        folder.mkdir(parents=True, exist_ok=True)
        write_labels(folder / 'labels.json', spans)
        for span in spans:
            known = span.dictionary_entry or 'unknown: no alignment there'
            self.runner.logger.info(
                f'{frames.name}: frames {span.start} to {span.end}: '
                f'{span.text!r} ({known})'
            )
        return frame_labels(frames.track, spans, dictionary)

    def text_encoder(self, name: str) -> TextEncoder | None:
        """What tells wordings that are no labels, loaded when needed.

        Args:
            name: Encoder of the dictionary's embeddings.

        Returns:
            None, with a warning, if it cannot be had: such texts are then
            unknown.
        """
        if self._encoder is None:
            try:
                self._encoder = (
                    load_encoder(name)
                    if self._encoder_config is None
                    else MODELS.build(self._encoder_config)
                )
            except (InputError, MissingDependencyError) as error:
                self.runner.logger.warning(
                    f'only listed labels are known, no text encoder: {error}'
                )
        return self._encoder
