"""The feature by which DynaBOA decides whether to stop."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from ...estimators import MeshEstimator

_LAYERS = ('fc1', 'fc2', 'decpose', 'decshape', 'deccam')


@torch.no_grad()
def stop_feature(
    estimator: MeshEstimator, inputs: Tensor, head: bool
) -> Tensor:
    """What the head computes of some frames, before its last layers.

    For HMR's regressor it is the output of ``fc1`` in the last iteration,
    before dropout, as in DynaBOA. For other heads with a layer ``decpose``
    (HMR2.0's) it is the input of that layer; for all others the predicted
    rotations.

    Args:
        estimator: In eval mode.
        inputs: Crops, or features of the frozen trunk ``[B, ...]``.
        head: Whether they are features.

    Returns:
        ``[B, D]``.
    """
    regressor = getattr(estimator, 'head', None)
    if regressor is not None and all(hasattr(regressor, x) for x in _LAYERS):
        features = inputs if head else estimator.extract_features(inputs)
        return _fc1_output(estimator, regressor, features.float())
    layer = getattr(regressor, 'decpose', None)
    run = estimator.forward_head if head else estimator
    if not isinstance(layer, nn.Module):
        rotations: Tensor = run(inputs).params.pose.flatten(1)
        return rotations
    return _input_of(layer, lambda: run(inputs))


def _fc1_output(estimator: Any, head: Any, features: Tensor) -> Tensor:
    """Output of ``fc1`` in the last iteration ``[B, H]``."""
    if getattr(estimator, 'neck', None) is not None:
        features = estimator.neck.mix(features)
    count = len(features)
    parts = (head.init_pose, head.init_shape, head.init_cam)
    state = torch.cat(parts, dim=1).expand(count, -1)
    decoders = (head.decpose, head.decshape, head.deccam)
    hidden: Tensor = features
    for _ in range(estimator.n_iter):
        hidden = head.fc1(torch.cat([features, state], dim=1))
        inner = head.fc2(hidden)
        state = state + torch.cat([layer(inner) for layer in decoders], dim=1)
    return hidden


def _input_of(layer: nn.Module, run: Any) -> Tensor:
    """What a layer gets while ``run`` is called ``[B, D]``."""
    seen: list[Tensor] = []

    def keep(module: nn.Module, inputs: tuple[Tensor, ...]) -> None:
        seen.append(inputs[0])

    handle = layer.register_forward_pre_hook(keep)
    try:
        run()
    finally:
        handle.remove()
    return seen[-1].flatten(1)
