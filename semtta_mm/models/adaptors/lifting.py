"""Lifts a track's 2D evidence, window by window."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from ...conventions import convert_keypoints
from ...datasets.rates import contiguous_runs
from ...datasets.segments import UNKNOWN
from ...geometry import project_to_rotation
from ...geometry.resampling import (
    MOTION_RATE,
    frame_positions,
    sample_rotations,
)
from ..lifters import (
    CONVENTION,
    LiftedWindows,
    LifterEvidence,
    TextLifter,
    camera_numbers,
)
from .lifted import LiftedMotion
from .session import Session
from .viewing import pelvis_ray_turn

_STEP = 10
"""Windows start this many frames apart; each frame is in six of them."""

_BATCH = 64
"""Windows that are lifted together."""

_EDGE = 0.2
"""Weight of a window's first and last frame; its middle has 1."""


@torch.no_grad()
def lift_track(
    lifter: TextLifter,
    texts: Tensor | None,
    session: Session,
    use_estimate: bool = True,
    use_camera: bool = True,
) -> LiftedMotion:
    """Lift all frames of a track.

    Args:
        lifter: In eval mode, on any device.
        texts: Vectors of the dictionary ``[L, D]``; None conditions on no
            text.
        session: After a refresh pass, if the estimate is used.
        use_estimate: Give the lifter the estimator's rotations.
        use_camera: Give it the camera, where the track has one.

    Returns:
        Means over all windows of a frame, on the CPU.
    """
    evidence = track_evidence(session, use_estimate, use_camera)
    count, track = len(session.frames), session.frames.track
    pose = torch.eye(3).expand(count, 24, 3, 3).clone()
    error, betas = torch.zeros(count, 24), torch.zeros(count, 10)
    for run in contiguous_runs(track.frame_ids, track.stride):
        frames = run.stop - run.start
        at = frame_positions(frames, track.rate, MOTION_RATE)
        part = evidence.windows(
            torch.arange(run.start, run.stop)[None],
            torch.ones(1, frames, dtype=torch.bool),
        ).resampled(at)
        labels = session.labels.index[run][at.round().long()]
        mean = _lift_run(lifter, texts, part, labels)
        back = torch.arange(frames) * (MOTION_RATE / track.rate)
        back = back.clamp(max=len(at) - 1)
        pose[run] = sample_rotations(mean.pose, back)
        error[run] = mean.error[back.round().long()]
        betas[run] = mean.betas[back.round().long()]
    turn = _ray_turn(session)
    if turn is not None:
        pose[:, 0] = turn.mT @ pose[:, 0]
    return LiftedMotion(pose, error, betas)


def track_evidence(
    session: Session, use_estimate: bool = True, use_camera: bool = True
) -> LifterEvidence:
    """Evidence of a whole track, as one window ``[1, T, ...]``.

    Args:
        session: See :func:`lift_track`.
        use_estimate: See :func:`lift_track`.
        use_camera: See :func:`lift_track`.
    """
    frames = session.frames
    points, scores = convert_keypoints(
        frames.keypoints.numpy(),
        session.scores.numpy(),
        frames.convention,
        CONVENTION,
    )
    count = len(frames)
    boxes = torch.from_numpy(np.asarray(frames.track.boxes)).float()
    camera = torch.zeros(count, 3)
    intrinsics = frames.intrinsics if use_camera else None
    if intrinsics is not None:
        camera = camera_numbers(boxes, intrinsics)
    estimate = torch.eye(3).expand(count, 24, 3, 3)
    if use_estimate:
        estimate = session.refreshed.params.pose.clone()
        turn = _ray_turn(session)
        if turn is not None:
            estimate[:, 0] = turn @ estimate[:, 0]
    return LifterEvidence(
        keypoints=torch.as_tensor(points).float()[None],
        scores=torch.as_tensor(scores).float()[None],
        boxes=boxes[None],
        valid=torch.ones(1, count, dtype=torch.bool),
        camera=camera[None],
        camera_known=torch.tensor([intrinsics is not None]),
        estimate=estimate[None],
        estimate_known=torch.tensor([use_estimate]),
    )


def _ray_turn(session: Session) -> Tensor | None:
    """From the estimator's axes to those of the pelvis ray ``[T, 3, 3]``.

    A crop camera looks along the ray already: None.
    """
    if session.intrinsics is None:
        return None
    boxes = torch.from_numpy(np.asarray(session.frames.track.boxes)).float()
    return pelvis_ray_turn(boxes, session.intrinsics)


def _lift_run(
    lifter: TextLifter,
    texts: Tensor | None,
    evidence: LifterEvidence,
    labels: Tensor,
) -> LiftedMotion:
    """Lift a run without gaps at 30 fps.

    Args:
        lifter: In eval mode.
        texts: ``[L, D]`` or None.
        evidence: One window with all M frames.
        labels: Row of the dictionary of each frame ``[M]``.
    """
    index, valid = window_index(len(labels), lifter.frames)
    windows = evidence.windows(index, valid)
    text, known = _window_texts(lifter, texts, labels, index, valid)
    mean = _WindowMean(len(labels), lifter.frames)
    for chosen in torch.arange(len(index)).split(_BATCH):
        out = lifter(
            windows[chosen].to(text.device),
            text[chosen.to(text.device)],
            known[chosen].to(text.device),
        )
        mean.add(out, index[chosen], valid[chosen])
    return mean.motion()


def _window_texts(
    lifter: TextLifter,
    texts: Tensor | None,
    labels: Tensor,
    index: Tensor,
    valid: Tensor,
) -> tuple[Tensor, Tensor]:
    """Vector of each window's text ``[N, D]``, and whether it has one.

    A window has the label of most of its frames.
    """
    label = torch.stack(
        [
            labels[at[there]].mode().values
            for at, there in zip(index, valid, strict=True)
        ]
    )
    if texts is None:
        none = torch.zeros(len(label), dtype=torch.bool)
        return lifter.no_text.expand(len(label), -1), none
    row = label.clamp(min=0).to(lifter.no_text.device)
    return texts.to(lifter.no_text)[row], label != UNKNOWN


class _WindowMean:
    """Mean of overlapping windows; a window's middle counts most.

    Rotations are also weighted by their precision.

    Args:
        count: Frames of the run, M.
        frames: Frames of a window, T.
    """

    def __init__(self, count: int, frames: int) -> None:
        middle = (frames - 1) / 2
        away = (torch.arange(frames) - middle).abs() / middle
        self.shape = 1 - (1 - _EDGE) * away
        self.total = torch.zeros(count)
        self.pose = torch.zeros(count, 24, 3, 3)
        self.error = torch.zeros(count, 24)
        self.betas = torch.zeros(count, 10)

    def add(self, out: LiftedWindows, index: Tensor, valid: Tensor) -> None:
        """Add windows.

        Args:
            out: Of the lifter.
            index: Frames of each window ``[B, T]``.
            valid: Which of them exist ``[B, T]``, bool.
        """
        at = index[valid]
        weight = self.shape.expand(len(index), -1)[valid]
        error = out.log_error.exp().cpu()[valid]
        precise = (weight[:, None] / error.square())[..., None, None]
        betas = out.betas.cpu()[:, None].expand(*valid.shape, -1)[valid]
        self.total.index_add_(0, at, weight)
        self.pose.index_add_(0, at, precise * out.pose.cpu()[valid])
        self.error.index_add_(0, at, weight[:, None] * error)
        self.betas.index_add_(0, at, weight[:, None] * betas)

    def motion(self) -> LiftedMotion:
        """The means."""
        return LiftedMotion(
            pose=project_to_rotation(self.pose),
            error=self.error / self.total[:, None],
            betas=self.betas / self.total[:, None],
        )


def window_index(
    count: int, length: int, step: int = _STEP
) -> tuple[Tensor, Tensor]:
    """Windows over the frames of a run.

    Args:
        count: Frames of the run.
        length: Frames of a window, T.
        step: Frames between the starts of windows.

    Returns:
        Frames of each window ``[N, T]`` and which of them exist
        ``[N, T]``, bool. A run that is shorter than a window has one.
    """
    last = max(count - length, 0)
    starts = torch.tensor(sorted({*range(0, last + 1, step), last}))
    index = starts[:, None] + torch.arange(length)
    return index.clamp(max=count - 1), index < count
