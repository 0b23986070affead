"""The denoiser's part of an epoch: adapt it, then compute its targets.

After CycleAdapt (ICCV 2023), whose motion denoiser the paper keeps: the
denoiser learns, without labels, to fill hidden frames of the estimator's own
motion; its output, averaged over windows, is the pose target of the next
epoch, and the windows' mean shape the shape target (Eq. 9).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...datasets.rates import contiguous_runs
from ...datasets.segments import find_segments
from ...geometry import project_to_rotation
from ...geometry.resampling import (
    MOTION_RATE,
    frame_positions,
    sample_rotations,
)
from ..denoisers import MDNet, hidden_frames, hidden_l1_loss


@dataclass(frozen=True)
class SmoothTargets:
    """Targets of :class:`~semtta_mm.models.losses.SmoothLoss`.

    Attributes:
        pose: Rotation matrices ``[T, 24, 3, 3]``.
        betas: ``[T, 10]``.
        valid: Frames that have a target ``[T]``, bool.
    """

    pose: Tensor
    betas: Tensor
    valid: Tensor

    @classmethod
    def none(cls, count: int) -> SmoothTargets:
        """Before the first epoch: no frame has a target."""
        return cls(
            pose=torch.eye(3).expand(count, 24, 3, 3),
            betas=torch.zeros(count, 10),
            valid=torch.zeros(count, dtype=torch.bool),
        )


@dataclass(frozen=True)
class RunWindows:
    """Windows of one stretch without gaps, at the denoiser's rate.

    Attributes:
        frames: Positions of the stretch in the track.
        pose: Rotation matrices ``[M, 24, 3, 3]`` at the denoiser's rate.
        at: Positions of the track's own frames among them ``[T]``.
        index: Frames of each window ``[N, W]``, among the M.
        hidden: Padding, hidden from the denoiser ``[N, W]``, bool.
    """

    frames: slice
    pose: Tensor
    at: Tensor
    index: Tensor
    hidden: Tensor


def run_windows(
    pose: Tensor,
    frame_ids: NDArray[Any],
    stride: int,
    rate: float,
    length: int,
) -> Iterator[RunWindows]:
    """Windows of a track's motion for the denoiser.

    A stretch with fewer frames than half a window has none: the denoiser was
    never trained to reconstruct more frames than it is given.

    Args:
        pose: Predicted rotation matrices ``[T, 24, 3, 3]``.
        frame_ids: ``[T]``.
        stride: Frame numbers from one sample to the next.
        rate: Samples per second.
        length: Frames of a window, W.
    """
    for run in contiguous_runs(frame_ids, stride):
        count = run.stop - run.start
        at = frame_positions(count, rate, MOTION_RATE)
        motion = sample_rotations(pose[run], at)
        if 2 * len(motion) < length:
            continue
        found = find_segments(np.arange(len(motion)), length)
        back = torch.arange(count) * (MOTION_RATE / rate)
        yield RunWindows(
            frames=run,
            pose=motion,
            at=back.clamp(max=len(motion) - 1),
            index=found.index,
            hidden=~found.valid,
        )


def adapt_denoiser(
    denoiser: MDNet,
    optimizer: torch.optim.Optimizer,
    windows: list[RunWindows],
    generator: torch.Generator,
    batch_size: int = 32,
) -> float | None:
    """One epoch of self-supervised training on predicted motion.

    The middle frame and about as many others as stay are hidden, padding
    included, and only they count.

    Args:
        denoiser: Changed in place.
        optimizer: Of its parameters.
        windows: Of the track.
        generator: Of masks and order.
        batch_size: Windows a step.

    Returns:
        Mean loss; None if there is no window.
    """
    losses = []
    denoiser.train()
    for run in windows:
        order = torch.randperm(len(run.index), generator=generator)
        for chosen in order.split(batch_size):
            pose = run.pose[run.index[chosen]]
            padding = run.hidden[chosen]
            frames = denoiser.frames
            hidden = hidden_frames(len(chosen), frames, frames // 2, generator)
            hidden &= ~padding
            rot6d = denoiser.rot6d(pose, hidden | padding)
            loss = hidden_l1_loss(rot6d, pose, hidden)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    denoiser.eval()
    return sum(losses) / len(losses) if losses else None


@torch.no_grad()
def smooth_targets(
    denoiser: MDNet, windows: list[RunWindows], betas: Tensor
) -> SmoothTargets:
    """Targets of the next epoch.

    Args:
        denoiser: In eval mode.
        windows: Of the track's predicted motion.
        betas: Predicted shapes ``[T, 10]``.

    Returns:
        Pose: the denoiser's rotation matrices, averaged over all windows
        that hold a frame. Shape: the mean of those windows' mean shapes.
        Frames outside any window have no target.
    """
    targets = SmoothTargets.none(len(betas))
    pose, shape = targets.pose.clone(), targets.betas.clone()
    valid = targets.valid.clone()
    for run in windows:
        out = denoiser(run.pose[run.index], run.hidden)
        shown = ~run.hidden
        mean = _scatter_mean(out, run.index, shown, len(run.pose))
        smooth = project_to_rotation(mean)
        pose[run.frames] = sample_rotations(smooth, run.at)
        shape[run.frames] = _window_betas(betas[run.frames], run)
        valid[run.frames] = True
    return SmoothTargets(pose, shape, valid)


def _window_betas(betas: Tensor, run: RunWindows) -> Tensor:
    """Window-averaged shapes of a stretch ``[T, 10]``."""
    positions = torch.linspace(0, len(betas) - 1, len(run.pose))
    at_rate = betas[positions.round().long()]
    shown = (~run.hidden)[..., None].to(betas)
    means = (at_rate[run.index] * shown).sum(1) / shown.sum(1)
    spread = means[:, None].expand(-1, run.index.shape[1], -1)
    mean = _scatter_mean(spread, run.index, ~run.hidden, len(run.pose))
    return mean[run.at.round().long()]


def _scatter_mean(
    values: Tensor, index: Tensor, shown: Tensor, count: int
) -> Tensor:
    """Mean over windows of the values of each frame ``[count, ...]``."""
    rest = values.shape[2:]
    total = values.new_zeros(count, *rest)
    times = values.new_zeros(count)
    total.index_add_(0, index[shown], values[shown])
    times.index_add_(0, index[shown], torch.ones_like(index[shown]).to(times))
    return total / times.reshape(-1, *[1] * len(rest))
