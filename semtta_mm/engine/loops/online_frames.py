"""Frames of an online pass: batches in order, and their predictions."""

from __future__ import annotations

from typing import Any

import torch
from numpy.typing import NDArray

from ...datasets import contiguous_runs
from ...datasets.segments import UNKNOWN, Segments
from ...structures import MeshPrediction, SMPLParams
from ...utils import InputError


def frame_batches(
    frame_ids: NDArray[Any], stride: int = 1, batch_size: int = 1
) -> Segments:
    """All frames in order, in batches of neighbours; each frame once.

    Args:
        frame_ids: ``[T]``, strictly increasing.
        stride: Frame numbers from one sample to the next.
        batch_size: Frames of a batch, at most; none spans a gap.

    Returns:
        The batches, as windows without labels.

    Raises:
        InputError: If the batch size is below 1.
    """
    if batch_size < 1:
        fix = 'give 1 or more'
        problem = f'is {batch_size}'
        raise InputError('config', 'train_dataloader.batch_size', problem, fix)
    starts, sizes = [], []
    for run in contiguous_runs(frame_ids, stride):
        for start in range(run.start, run.stop, batch_size):
            starts.append(start)
            sizes.append(min(batch_size, run.stop - start))
    first, size = torch.tensor(starts)[:, None], torch.tensor(sizes)[:, None]
    step = torch.arange(batch_size)[None]
    return Segments(
        index=first + torch.minimum(step, size - 1),
        valid=step < size,
        label=torch.full((len(starts),), UNKNOWN),
    )


def join_bodies(parts: list[MeshPrediction]) -> MeshPrediction:
    """Predictions of all frames as one."""
    return MeshPrediction(
        SMPLParams.cat([part.params for part in parts]),
        torch.cat([part.camera for part in parts]),
    )


def bodies_on(
    bodies: MeshPrediction, part: slice, device: torch.device
) -> MeshPrediction:
    """Some frames of a prediction, on a device."""
    return MeshPrediction(
        bodies.params[part].to(device), bodies.camera[part].to(device)
    )
