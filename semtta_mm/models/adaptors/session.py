"""Everything about one track while a network adapts to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from ...datasets import TrackFrames
from ...datasets.segments import Segments, find_segments
from ...structures import TrackPrediction
from ...structures.pose_bank import PoseBank
from .denoise import SmoothTargets


@dataclass(frozen=True)
class FrameLabels:
    """What the person does, frame by frame.

    Attributes:
        index: Row of the dictionary ``[T]``, -1 where unknown.
        texts: What was said, for the log.
    """

    index: Tensor
    texts: tuple[str, ...] = ()


@dataclass
class Session:
    """The state of one adaptation; hooks read it and replace its parts.

    Note:
        - frames of the track: T; windows: N

    Attributes:
        frames: The track, with crops and evidence.
        labels: Of each frame.
        segments: Windows for alignment and training.
        bank: 2D evidence, updated after each epoch.
        targets: What smoothing pulls to.
        prediction: Of the last refresh pass; None before the first.
        similarity: Motion-text cosine of each window ``[N]`` in the last
            refresh pass; NaN where a window has no label; None before it.
        generator: Source of this track's random choices.
        history: Numbers of each epoch.
    """

    frames: TrackFrames
    labels: FrameLabels
    segments: Segments
    bank: PoseBank
    targets: SmoothTargets
    generator: torch.Generator
    prediction: TrackPrediction | None = None
    similarity: Tensor | None = None
    history: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def begin(
        cls,
        frames: TrackFrames,
        labels: FrameLabels | None,
        window_seconds: float,
        seed: int = 0,
    ) -> Session:
        """The state before the first epoch.

        Args:
            frames: The track.
            labels: Of its frames; None knows nothing.
            window_seconds: Duration of a window.
            seed: Of this track's random choices.
        """
        track, count = frames.track, len(frames)
        if labels is None:
            labels = FrameLabels(torch.full((count,), -1))
        length = max(1, round(window_seconds * track.rate))
        return cls(
            frames=frames,
            labels=labels,
            segments=find_segments(
                track.frame_ids, length, labels.index.numpy(), track.stride
            ),
            bank=PoseBank.from_detections(frames.keypoints, frames.scores),
            targets=SmoothTargets.none(count),
            generator=torch.Generator().manual_seed(seed),
        )

    def best_similarity(self) -> Tensor:
        """Of each frame, the best of the windows that hold it ``[T]``.

        The paper does not say which of the up to 60 windows of a frame
        decides on filling it in; the best is the one it belongs to most.
        Frames without a labelled window have -inf.
        """
        best = torch.full((len(self.frames),), -torch.inf)
        if self.similarity is None:
            return best
        score = self.similarity.nan_to_num(-torch.inf)[:, None]
        shown = self.segments.valid
        spread = score.expand_as(self.segments.index)[shown]
        index = self.segments.index[shown]
        return best.scatter_reduce(0, index, spread, 'amax')
