"""HMR's regressor without dropout, as one matrix per iteration."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ...conventions import NUM_JOINTS
from ...geometry import rot6d_to_matrix


def is_linear(head: nn.Module) -> bool:
    """Whether a head is mmhuman3d's ``HMRHead`` without active dropout.

    Args:
        head: Any head. Sub-classes of ``HMRHead`` do not count, because their
            ``forward`` may differ.
    """
    kind = type(head)
    if (kind.__module__, kind.__name__) != (
        'mmhuman3d.models.heads.hmr_head',
        'HMRHead',
    ):
        return False
    drops = (m for m in head.modules() if isinstance(m, nn.Dropout))
    return not any(drop.training and drop.p > 0 for drop in drops)


def regress_linear(
    head: Any, features: Tensor, n_iter: int
) -> dict[str, Tensor]:
    """Same result as ``head(features, n_iter=n_iter)``, faster.

    HMR's regressor has only dropout between its layers (Kanazawa et al. 2018,
    Sec. 3.2, as published in code). So the features need to pass the first
    layer once, not once per iteration, and an iteration is one matrix of the
    size of the body's parameters. Gradients reach every layer as in the head
    itself. Timings: ``benchmarks/bench_head.py``.

    Args:
        head: See :func:`is_linear`.
        features: ``[B, D, h, w]``.
        n_iter: Iterations of the regressor.

    Returns:
        ``pred_pose`` ``[B, 24, 3, 3]``, ``pred_shape`` ``[B, 10]`` and
        ``pred_cam`` ``[B, 3]``.
    """
    pooled = features.mean(dim=(2, 3))
    parts = (head.init_pose, head.init_shape, head.init_cam)
    start = torch.cat(parts, dim=1)
    first, last = head.fc1, (head.decpose, head.decshape, head.deccam)
    of_features, of_state = first.weight.split(
        (pooled.shape[1], start.shape[1]), dim=1
    )
    decode = torch.cat([layer.weight for layer in last])
    bias = torch.cat([layer.bias for layer in last])
    behind = decode @ head.fc2.weight
    constant = F.linear(
        F.linear(pooled, of_features, first.bias),
        behind,
        bias + decode @ head.fc2.bias,
    )
    step = behind @ of_state
    state = start.expand(len(pooled), -1)
    for _ in range(n_iter):
        state = state + constant + F.linear(state, step)
    pose, shape, camera = state.split([p.shape[1] for p in parts], dim=1)
    matrix = rot6d_to_matrix(pose.view(-1, NUM_JOINTS, 6), 'interleave')
    return {'pred_pose': matrix, 'pred_shape': shape, 'pred_cam': camera}
