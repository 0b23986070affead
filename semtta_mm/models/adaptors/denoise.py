"""The denoiser in an epoch: adaptation, then the targets.

After CycleAdapt (ICCV 2023), whose motion denoiser the paper keeps: the
denoiser learns, without labels, to fill hidden frames of the estimator's own
motion; its output, averaged over windows, is the pose target of the next
epoch, and the windows' mean shape the shape target (Eq. 9).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...conventions import NUM_JOINTS
from ...datasets.rates import contiguous_runs
from ...datasets.segments import find_segments
from ...geometry import project_to_rotation, rot6d_to_matrix
from ...geometry.resampling import (
    MOTION_RATE,
    frame_positions,
    sample_rotations,
)
from ..denoisers import MDNet, hidden_frames, hidden_l1_loss
from ..denoisers.mdnet import LAYOUT

Average = Literal['matrix', 'rot6d']


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
    """Windows of one run without gaps, at the denoiser's rate.

    Attributes:
        frames: Positions of the run in the track.
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

    A run with fewer frames than half a window has none: the denoiser was
    never trained to reconstruct more frames than are in its input.

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


@dataclass(frozen=True)
class DenoiserStep:
    """One training step of the denoiser.

    Attributes:
        run: Number of the run.
        windows: Numbers of its windows ``[B]``.
        rot6d: Raw outputs before the step's update ``[B, W, 144]``.
        loss: Value of the loss.
    """

    run: int
    windows: Tensor
    rot6d: Tensor
    loss: float


def denoiser_steps(
    denoiser: MDNet,
    optimizer: torch.optim.Optimizer,
    windows: Sequence[RunWindows],
    generator: torch.Generator,
    batch_size: int = 32,
    hidden_only: bool = True,
) -> Iterator[DenoiserStep]:
    """One epoch of self-supervised training on predicted motion.

    The middle frame, about half of the others and padding are hidden; the
    loss is over hidden frames without padding.

    Args:
        denoiser: Changed in place; in train mode.
        optimizer: Of its parameters.
        windows: Of the track.
        generator: Of masks and order.
        batch_size: Windows a step.
        hidden_only: False takes the loss over visible frames, too.
    """
    for number, run in enumerate(windows):
        order = torch.randperm(len(run.index), generator=generator)
        for chosen in order.split(batch_size):
            pose = run.pose[run.index[chosen]]
            padding = run.hidden[chosen]
            frames = denoiser.frames
            hidden = hidden_frames(len(chosen), frames, frames // 2, generator)
            hidden &= ~padding
            rot6d = denoiser.rot6d(pose, hidden | padding)
            counted = hidden if hidden_only else ~padding
            loss = hidden_l1_loss(rot6d, pose, counted)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            yield DenoiserStep(number, chosen, rot6d.detach(), loss.item())


def adapt_denoiser(
    denoiser: MDNet,
    optimizer: torch.optim.Optimizer,
    windows: Sequence[RunWindows],
    generator: torch.Generator,
    batch_size: int = 32,
    hidden_only: bool = True,
) -> tuple[float | None, list[Tensor]]:
    """Run :func:`denoiser_steps` for an epoch.

    Args:
        denoiser: Changed in place; in eval mode afterwards.
        optimizer: See :func:`denoiser_steps`.
        windows: See :func:`denoiser_steps`.
        generator: See :func:`denoiser_steps`.
        batch_size: See :func:`denoiser_steps`.
        hidden_only: See :func:`denoiser_steps`.

    Returns:
        Mean loss, None if there is no window; and the raw outputs of all
        windows of each run ``[N, W, 144]``, from the training steps, where
        half of the frames are hidden.
    """
    losses = []
    size = NUM_JOINTS * 6
    outputs = [run.pose.new_zeros(*run.index.shape, size) for run in windows]
    denoiser.train()
    for step in denoiser_steps(
        denoiser, optimizer, windows, generator, batch_size, hidden_only
    ):
        outputs[step.run][step.windows] = step.rot6d
        losses.append(step.loss)
    denoiser.eval()
    return sum(losses) / len(losses) if losses else None, outputs


@torch.no_grad()
def smooth_targets(
    denoiser: MDNet,
    windows: Sequence[RunWindows],
    betas: Tensor,
    average: Average = 'matrix',
) -> SmoothTargets:
    """Targets of the next epoch, by the denoiser.

    Args:
        denoiser: In eval mode; nothing but padding is hidden from it.
        windows: Of the track's predicted motion.
        betas: Predicted shapes ``[T, 10]``.
        average: What is averaged over the windows of a frame: rotation
            matrices or, as in CycleAdapt, the raw 6D outputs.

    Returns:
        See :func:`targets_of`.
    """
    run = denoiser.rot6d if average == 'rot6d' else denoiser
    outputs = [run(w.pose[w.index], w.hidden) for w in windows]
    return targets_of(windows, outputs, betas)


@torch.no_grad()
def targets_of(
    windows: Sequence[RunWindows], outputs: Sequence[Tensor], betas: Tensor
) -> SmoothTargets:
    """Targets of the next epoch, from outputs of the denoiser.

    Args:
        windows: Of the track's predicted motion.
        outputs: Of the windows of each run: rotation matrices
            ``[N, W, 24, 3, 3]`` or raw 6D ``[N, W, 144]``.
        betas: Predicted shapes ``[T, 10]``.

    Returns:
        Pose: the outputs, averaged over all windows of a frame, made
        rotations afterwards. Shape: the mean of those windows' mean shapes.
        Frames outside any window have no target.
    """
    targets = SmoothTargets.none(len(betas))
    pose, shape = targets.pose.clone(), targets.betas.clone()
    valid = targets.valid.clone()
    for run, out in zip(windows, outputs, strict=True):
        mean = _scatter_mean(out, run.index, ~run.hidden, len(run.pose))
        pose[run.frames] = sample_rotations(_rotations(mean), run.at)
        shape[run.frames] = _window_betas(betas[run.frames], run)
        valid[run.frames] = True
    return SmoothTargets(pose, shape, valid)


def _rotations(mean: Tensor) -> Tensor:
    """Rotations nearest to means, matrices or raw 6D ``[M, 144]``."""
    if mean.dim() > 2:
        return project_to_rotation(mean)
    return rot6d_to_matrix(mean.unflatten(-1, (NUM_JOINTS, 6)), LAYOUT)


def _window_betas(betas: Tensor, run: RunWindows) -> Tensor:
    """Window-averaged shapes of a run ``[T, 10]``."""
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
