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
        cosines: Cosine of each window with each text of the dictionary
            ``[N, L]`` in the last refresh pass; NaN where a window has no
            label; None before it.
        generator: Source of this track's random choices.
        described: What the estimator's trunk says of each frame
            ``[T, ...]``, where only its head adapts; else None.
        history: Numbers of each epoch.
    """

    frames: TrackFrames
    labels: FrameLabels
    segments: Segments
    bank: PoseBank
    targets: SmoothTargets
    generator: torch.Generator
    prediction: TrackPrediction | None = None
    cosines: Tensor | None = None
    described: Tensor | None = None
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

    @property
    def inputs(self) -> Tensor:
        """What the adapting part of the network sees ``[T, ...]``."""
        if self.described is not None:
            return self.described
        return self.frames.images

    @property
    def similarity(self) -> Tensor | None:
        """Cosine of each window with its own text ``[N]``, or None."""
        if self.cosines is None:
            return None
        label = self.segments.label.clamp(min=0)
        return self.cosines.gather(1, label[:, None])[:, 0]

    def frames_in(self, windows: Tensor) -> Tensor:
        """Frames that at least one of some windows holds ``[T]``, bool.

        The paper does not say which of the up to 60 windows of a frame
        decides on filling it in; the best is the one it belongs to most.

        Args:
            windows: Which ``[N]``, bool.
        """
        held = torch.zeros(len(self.frames), dtype=torch.bool)
        held[self.segments.index[windows][self.segments.valid[windows]]] = True
        return held
