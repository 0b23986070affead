"""Labels of a track by its motion."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from ..datasets.rates import contiguous_runs
from ..geometry.resampling import (
    MOTION_RATE,
    frame_positions,
    sample_rotations,
)
from ..models.adaptors.lifting import window_index
from ..models.motion_text import MotionDictionary
from ..models.motion_text.label_readout import LabelReadout, label_embedding
from ..structures import PersonTrack
from .spans import UNKNOWN_TEXT, LabelSpan

_STEP = 15
"""Frames at 30 fps from the start of a window to the next."""

_LONGEST = 60
"""Frames of a window; the paper's."""

_LEAST = 20
"""Frames at 30 fps of the shortest span that gets a label: the shortest
windows that the encoder was trained on."""

_NAMED = 3
"""Labels in ``raw`` of a span."""


class MotionLabeler:
    """Names the action of a motion through motion-text models.

    No text, no vision-language model and no network access is needed. Each
    run of frames is divided into spans; the windows of a span vote: the mean
    of their log-odds of each label gives the label's confidence.

    Args:
        encoders: The frozen motion encoders of the readout.
        dictionary: Its labels.
        readout: Names the action of its embeddings.
        threshold: Least confidence of a label; below it the span is unknown,
            and everything that reads texts behaves as without one.
        span_seconds: Most seconds that get one label.

    Raises:
        InputError: If an encoder or the dictionary is absent or not that of
            the readout.
        ValueError: If a number is out of range.
    """

    def __init__(
        self,
        encoders: Sequence[nn.Module | None],
        dictionary: MotionDictionary | None,
        readout: LabelReadout,
        threshold: float,
        span_seconds: float = 10.0,
    ) -> None:
        if not 0 <= threshold <= 1:
            raise ValueError(f'threshold: expected 0 to 1, got {threshold}')
        if not span_seconds > 0:
            raise ValueError(f'span_seconds: expected > 0, got {span_seconds}')
        self.encoders, self.words = readout.check(encoders, dictionary)
        self.readout, self.threshold = readout, threshold
        self.span_seconds = span_seconds

    def __call__(self, track: PersonTrack, pose: Tensor) -> list[LabelSpan]:
        """Labels of a track; neighbouring equal ones are one span.

        Args:
            track: The track.
            pose: A motion of it, rotation matrices ``[T, 24, 3, 3]``; the
                root is ignored.

        Returns:
            Matched spans of the whole track. ``score`` is the confidence, 0
            to 1; ``raw`` names the best labels with theirs.
        """
        out: list[LabelSpan] = []
        for part, confidence in self.confidences(track, pose):
            span = self._span(track, part, confidence)
            if out and _joins(out[-1], span):
                span = _joined(out.pop(), span)
            out.append(span)
        return out

    def confidences(
        self, track: PersonTrack, pose: Tensor
    ) -> list[tuple[slice, Tensor]]:
        """Confidence of each label in each span.

        Args:
            track: The track.
            pose: See :meth:`__call__`.

        Returns:
            Positions in the track, and confidences ``[L]``, which sum to 1;
            zeros where a span is too short.
        """
        return [
            (part, self._confidence(pose[part], track.rate))
            for run in contiguous_runs(track.frame_ids, track.stride)
            for part in _parts(run, self.span_seconds * track.rate)
        ]

    def _confidence(self, pose: Tensor, rate: float) -> Tensor:
        at = frame_positions(len(pose), rate, MOTION_RATE)
        if len(at) < _LEAST:
            return torch.zeros(len(self.words))
        motion = sample_rotations(pose.cpu(), at)
        index, valid = window_index(len(motion), _LONGEST, _STEP)
        found = label_embedding(
            self.encoders, motion[index], valid, self.readout.root
        )
        return self.readout.confidence(found)

    def _span(
        self, track: PersonTrack, part: slice, confidence: Tensor
    ) -> LabelSpan:
        values, rows = confidence.topk(min(_NAMED, len(confidence)))
        names = [self.words.labels[row] for row in rows.tolist()]
        best = float(values[0])
        named = zip(names, values.tolist(), strict=True)
        known = best >= self.threshold and best > 0
        ids = track.frame_ids[part]
        return LabelSpan(
            start=int(ids[0]),
            end=int(ids[-1]) + 1,
            text=names[0] if known else UNKNOWN_TEXT,
            dictionary_entry=names[0] if known else None,
            score=round(best, 3),
            source='motion',
            raw=', '.join(f'{name} {value:.2f}' for name, value in named),
        )


def _parts(run: slice, longest: float) -> list[slice]:
    """Equal parts of a run of at most so many frames."""
    count = max(1, math.ceil((run.stop - run.start) / max(longest, 1)))
    edges = np.linspace(run.start, run.stop, count + 1).round().astype(int)
    return [
        slice(int(first), int(last))
        for first, last in zip(edges[:-1], edges[1:], strict=True)
    ]


def _joins(first: LabelSpan, second: LabelSpan) -> bool:
    same = first.dictionary_entry == second.dictionary_entry
    return same and first.dictionary_entry is not None


def _joined(first: LabelSpan, second: LabelSpan) -> LabelSpan:
    """One span; its score is the lower one."""
    lower = min((first, second), key=lambda span: span.score or 0)
    return LabelSpan(
        start=first.start,
        end=second.end,
        text=lower.text,
        dictionary_entry=lower.dictionary_entry,
        score=lower.score,
        source='motion',
        raw=lower.raw,
    )
