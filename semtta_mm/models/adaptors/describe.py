"""The trunk's one look at a track whose head alone adapts."""

from __future__ import annotations

import torch
from torch import Tensor

from ...datasets import TrackFrames
from ..estimators import MeshEstimator


@torch.no_grad()
def describe(
    estimator: MeshEstimator, frames: TrackFrames, batch_size: int = 64
) -> Tensor:
    """What a network's trunk says of every frame, in eval mode ``[T, ...]``.

    Args:
        estimator: On any device; left in the mode it was found in.
        frames: The track.
        batch_size: Frames at a time.
    """
    training, device = estimator.training, estimator.mean.device
    estimator.eval()
    try:
        images = frames.images.split(batch_size)
        parts = [estimator.describe(part.to(device)).cpu() for part in images]
    finally:
        estimator.train(training)
    return torch.cat(parts)
