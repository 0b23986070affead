"""Errors of the best constant body, computed from the references."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from .constant import mean_pose, procrustes_mean
from .functional import PerFrame, mpjpe, pa_mpjpe
from .pairs import BodyPair, read_body
from .protocol import Protocol
from .samples import frame_numbers


def best_constant(
    samples: Sequence[dict[str, Any]], protocol: Protocol
) -> dict[str, Any]:
    """MPJPE and PA-MPJPE of the best constant bodies of a test set.

    A lower bound on the error of any method that ignores the images: the
    mean is taken over the references that the error is measured against.

    Args:
        samples: As :class:`MeshMetric` takes them; tracks without reference
            are left out.
        protocol: How to compare.

    Returns:
        ``{'overall': {'mpjpe', 'pa_mpjpe'}, 'tracks': {name: the same}}``,
        mm; numbers are None if there is no complete frame.
    """
    pairs = {}
    for sample in samples:
        pair = read_body(sample, frame_numbers(sample), protocol)
        if pair is not None:
            pairs[str(sample['name'])] = pair
    bodies = [_complete(pair) for pair in pairs.values()]
    everyone = torch.cat(bodies) if bodies else torch.zeros(0, 1, 3)
    if not len(everyone):
        return {'overall': {'mpjpe': None, 'pa_mpjpe': None}, 'tracks': {}}
    mean, shape = mean_pose(everyone), procrustes_mean(everyone)
    errors = {name: _errors(pair, mean, shape) for name, pair in pairs.items()}
    overall = {
        key: _over_frames([e[key] for e in errors.values()])
        for key in ('mpjpe', 'pa_mpjpe')
    }
    tracks = {
        name: {key: _over_frames([e]) for key, e in found.items()}
        for name, found in errors.items()
    }
    return {'overall': overall, 'tracks': tracks}


def _complete(pair: BodyPair) -> Tensor:
    """Truth about its root, frames with all joints only ``[N, J, 3]``."""
    _, target, mask = pair.about_root()
    return target[mask.all(dim=1)]


def _errors(
    pair: BodyPair, mean: Tensor, shape: Tensor
) -> dict[str, PerFrame]:
    _, target, mask = pair.about_root()
    return {
        'mpjpe': mpjpe(mean.expand_as(target), target, mask),
        'pa_mpjpe': pa_mpjpe(
            shape.expand_as(pair.target), pair.target, pair.valid
        ),
    }


def _over_frames(errors: Sequence[PerFrame]) -> float | None:
    values = torch.cat([e.values[e.valid] for e in errors])
    return float(values.mean()) if len(values) else None
