"""The state of one track during adaptation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from ...datasets import TrackFrames
from ...datasets.segments import UNKNOWN, Segments, find_segments
from ...structures import TrackPrediction
from ...structures.pose_bank import PoseBank
from .denoise import SmoothTargets
from .lifted import LiftedMotion
from .step_bodies import StepBodies


@dataclass(frozen=True)
class FrameLabels:
    """The action label of every frame.

    Attributes:
        index: Row of the dictionary ``[T]``, :data:`UNKNOWN`
            where there is none.
        texts: The texts before they were matched, for the log.
    """

    index: Tensor
    texts: tuple[str, ...] = ()


@dataclass
class Session:
    """The state of one adaptation; hooks read it and replace its parts.

    Note:
        - frames of the track: T; windows: N; texts of the dictionary: L

    Attributes:
        frames: The track, with crops and evidence.
        labels: Of each frame.
        segments: Windows for alignment and training.
        bank: 2D evidence, updated after each epoch.
        targets: Targets of the smoothing loss.
        generator: Source of this track's random choices.
        true_camera: Whether losses, pose bank, refresh pass and results
            project with the track's own intrinsics, if it has any, instead
            of the estimator's crop camera.
        prediction: Of the last refresh pass; None before the first.
        cosines: Cosine of each window with each text ``[N, L]`` in the last
            refresh pass; NaN where a window has no label; None before it.
        lifted: Motion of a lifter; None without one.
        rejected: Detected keypoints that are not used ``[T, K]``, bool; None
            uses all.
        viewed: The prediction in the camera that filmed the track, where a
            hook keeps one; see :attr:`result`.
        step_bodies: Bodies that training steps predicted; None where the
            method keeps none.
        epoch: Finished epochs; the loop counts them.
        features: Features of each frame by the frozen trunk ``[T, ...]``,
            where only the head adapts; else None.
        camera: Intrinsics of an estimator that has a camera of its own
            ``[T, 3, 3]``, px; else None.
        history: Numbers of each epoch.
        errors: Errors of the track, for the report: stage (``'before'``,
            ``'after'``) to protocol to
            :class:`~semtta_mm.evaluation.TrackErrors`.
    """

    frames: TrackFrames
    labels: FrameLabels
    segments: Segments
    bank: PoseBank
    targets: SmoothTargets
    generator: torch.Generator
    true_camera: bool = False
    prediction: TrackPrediction | None = None
    cosines: Tensor | None = None
    lifted: LiftedMotion | None = None
    rejected: Tensor | None = None
    viewed: TrackPrediction | None = None
    step_bodies: StepBodies | None = None
    epoch: int = 0
    features: Tensor | None = None
    camera: Tensor | None = None
    history: list[dict[str, Any]] = field(default_factory=list)
    errors: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def begin(
        cls,
        frames: TrackFrames,
        labels: FrameLabels | None,
        window_seconds: float,
        seed: int = 0,
        true_camera: bool = False,
    ) -> Session:
        """The state before the first epoch.

        Args:
            frames: The track.
            labels: Of its frames; None leaves all unknown.
            window_seconds: Duration of a window, s.
            seed: Of this track's random choices.
            true_camera: See :class:`Session`.
        """
        track, count = frames.track, len(frames)
        if labels is None:
            labels = FrameLabels(torch.full((count,), UNKNOWN))
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
            true_camera=true_camera,
        )

    def relabel(self, labels: FrameLabels) -> None:
        """Replace the labels of frames and windows.

        Cosines are dropped: they belong to the old labels.

        Args:
            labels: Of each frame.
        """
        length, track = self.segments.index.shape[1], self.frames.track
        self.labels, self.cosines = labels, None
        self.segments = find_segments(
            track.frame_ids, length, labels.index.numpy(), track.stride
        )

    @property
    def scores(self) -> Tensor:
        """Scores of the keypoints that are used ``[T, K]``, 0 elsewhere."""
        scores = self.frames.scores
        if self.rejected is None:
            return scores
        return scores.masked_fill(self.rejected, 0)

    @property
    def inputs(self) -> Tensor:
        """Inputs of the adapting part of the network ``[T, ...]``.

        RGB crops ``[T, 3, S, S]``, uint8, or :attr:`features`.
        """
        if self.features is not None:
            return self.features
        return self.frames.images

    @property
    def intrinsics(self) -> Tensor | None:
        """Intrinsics that all projections use ``[T, 3, 3]``, px.

        None means the estimator's crop camera.
        """
        if self.camera is not None:
            return self.camera
        return self.frames.intrinsics if self.true_camera else None

    @property
    def refreshed(self) -> TrackPrediction:
        """The prediction of the last refresh pass.

        Raises:
            RuntimeError: If there was none.
        """
        if self.prediction is None:
            raise RuntimeError('no refresh pass yet: add RefreshHook')
        return self.prediction

    @property
    def result(self) -> TrackPrediction:
        """The prediction to write and to draw.

        Raises:
            RuntimeError: If there is none.
        """
        return self.refreshed if self.viewed is None else self.viewed

    @property
    def similarity(self) -> Tensor | None:
        """Cosine of each window with its own text ``[N]``, or None."""
        if self.cosines is None:
            return None
        label = self.segments.label.clamp(min=0)
        return self.cosines.gather(1, label[:, None])[:, 0]

    def frames_in(self, windows: Tensor) -> Tensor:
        """Frames of at least one of the given windows ``[T]``, bool.

        The paper does not state which of the up to 60 windows of a frame
        decides on filling it in; here one that fulfils the conditions is
        enough.

        Args:
            windows: The windows ``[N]``, bool.
        """
        held = torch.zeros(len(self.frames), dtype=torch.bool)
        held[self.segments.index[windows][self.segments.valid[windows]]] = True
        return held
