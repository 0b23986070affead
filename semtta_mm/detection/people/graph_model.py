"""Runs a TensorFlow.js graph model in torch, without TensorFlow.

Only the operations of convolutional networks up to their last layers are
known: what comes after them, such as the choice of peaks, is better written
in numpy. Tensors have TensorFlow's order of axes, ``[B, H, W, C]``, and are
views of torch's, so nothing is copied.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from ...checkpoints.movenet import plain_node_name, read_graph_weights
from ...utils import InputError

_FIX = 'give the files of the documented network'


class GraphModel:
    """Chosen nodes of a graph model, as a function of its input.

    Args:
        topology: ``model.json``.
        data: Its only weight file.
        outputs: Names of the nodes that a call returns.
        source: Node whose value the images are; None is the placeholder.

    Raises:
        InputError: If an output is not in the graph, needs an operation
            that is not known, or the two files do not agree.
    """

    def __init__(
        self,
        topology: Path,
        data: Path,
        outputs: Sequence[str],
        source: str | None = None,
    ) -> None:
        manifest = json.loads(topology.read_text(encoding='utf-8'))
        nodes = {
            plain_node_name(node['name']): node
            for node in manifest['modelTopology']['node']
        }
        self._outputs = tuple(outputs)
        if source is not None:
            nodes[source] = {'op': 'Placeholder'}
        constants = {
            name: torch.from_numpy(value)
            for name, value in read_graph_weights(topology, data).items()
        }
        self._steps: list[tuple[str, str, list[str]]] = []
        self._constants: dict[str, Tensor] = {}
        self._input = ''
        for name in _order(nodes, outputs, topology):
            kind = nodes[name]['op']
            if kind == 'Const':
                self._constants[name] = constants[name]
            elif kind == 'Placeholder':
                self._input = name
            elif kind in _OPERATIONS:
                self._steps.append((name, kind, _inputs(nodes[name])))
            else:
                raise InputError(topology, name, f'is {kind}', _FIX)
        self._attributes = {
            name: _attributes(nodes[name]) for name, *_ in self._steps
        }
        self._arrange_kernels()

    def _arrange_kernels(self) -> None:
        """Bring all kernels to torch's order once."""
        for _, kind, inputs in self._steps:
            if 'Conv' not in kind:
                continue
            kernel = self._constants[inputs[1]]
            if kernel.ndim == 4:
                order = (2, 3, 0, 1) if 'epthwise' in kind else (3, 2, 0, 1)
                kernel = kernel.permute(order).contiguous()
                self._constants[inputs[1]] = kernel

    @torch.inference_mode()
    def __call__(self, images: Tensor) -> list[Tensor]:
        """Run the network.

        Args:
            images: ``[B, H, W, 3]``, in the range that the graph expects.

        Returns:
            Values of the outputs, in their order.
        """
        values: dict[str, Tensor] = {**self._constants, self._input: images}
        for name, kind, inputs in self._steps:
            given = [values[i] for i in inputs]
            values[name] = _OPERATIONS[kind](given, self._attributes[name])
        return [values[name] for name in self._outputs]


def _order(
    nodes: Mapping[str, Any], outputs: Sequence[str], where: Path
) -> list[str]:
    """Names of all nodes that the outputs need, inputs first."""
    ordered: dict[str, None] = {}
    stack = [(name, False) for name in reversed(outputs)]
    while stack:
        name, ready = stack.pop()
        if ready:
            ordered[name] = None
        elif name not in ordered:
            if name not in nodes:
                raise InputError(where, name, 'is not in the graph', _FIX)
            stack.append((name, True))
            stack += [(i, False) for i in reversed(_inputs(nodes[name]))]
    return list(ordered)


def _inputs(node: Mapping[str, Any]) -> list[str]:
    """Names of a node's inputs, without control inputs."""
    names = [name for name in node.get('input', ()) if name[0] != '^']
    return [plain_node_name(name.removesuffix(':0')) for name in names]


def _attributes(node: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes that the known operations use, as plain values."""
    given: Mapping[str, Any] = node.get('attr', {})
    found: dict[str, Any] = {}
    for name in ('strides', 'dilations', 'ksize'):
        if name in given:
            found[name] = [int(v) for v in given[name]['list']['i']]
    if 'align_corners' in given:
        found['align_corners'] = bool(given['align_corners'].get('b'))
    if 'padding' in given:
        found['padding'] = _text(given['padding']['s'])
    if 'fused_ops' in given:
        fused = given['fused_ops']['list'].get('s', [])
        found['fused'] = [_text(name) for name in fused]
    return found


def _text(value: str) -> str:
    return base64.b64decode(value).decode('ascii')


def _pads(x: Tensor, kernel: Tensor, options: Mapping[str, Any]) -> list[int]:
    """Left, right, top, bottom of TensorFlow's padding ``SAME``.

    It is uneven for stride 2.
    """
    sides: list[int] = []
    for axis in (3, 2):  # torch starts with the last one
        stride = options['strides'][axis - 1]
        reach = (kernel.shape[axis] - 1) * options['dilations'][axis - 1] + 1
        size = x.shape[axis]
        total = max((-(-size // stride) - 1) * stride + reach - size, 0)
        if options['padding'] != 'SAME':
            total = 0
        sides += [total // 2, total - total // 2]
    return sides


def _convolve(inputs: list[Tensor], options: Mapping[str, Any]) -> Tensor:
    x, kernel, *rest = inputs
    x = x.permute(0, 3, 1, 2)
    left, right, top, bottom = _pads(x, kernel, options)
    if (left, top) != (right, bottom):
        x = functional.pad(x, (left, right, top, bottom))
        left = top = 0
    fused = options.get('fused', [])
    y = functional.conv2d(
        x,
        kernel,
        rest[0] if 'BiasAdd' in fused else None,
        options['strides'][1:3],
        (top, left),
        options['dilations'][1:3],
        x.shape[1] if kernel.shape[1] == 1 and x.shape[1] > 1 else 1,
    )
    if 'Relu6' in fused:
        y = y.clamp_(0, 6)
    elif 'Relu' in fused:
        y = y.relu_()
    return y.permute(0, 2, 3, 1)


def _resize(inputs: list[Tensor], options: Mapping[str, Any]) -> Tensor:
    x, size = inputs
    y = functional.interpolate(
        x.permute(0, 3, 1, 2),
        size=size.tolist(),
        mode='bilinear',
        align_corners=options['align_corners'],
    )
    return y.permute(0, 2, 3, 1)


def _slice(inputs: list[Tensor], options: Mapping[str, Any]) -> Tensor:
    """Part of a shape."""
    x, begin, end, step = inputs
    return x[int(begin) : int(end) : int(step)]


def _shape(inputs: list[Tensor], options: Mapping[str, Any]) -> Tensor:
    return torch.tensor(inputs[0].shape, dtype=torch.int32)


_Operation = Callable[[list[Tensor], Mapping[str, Any]], Tensor]
_OPERATIONS: dict[str, _Operation] = {
    'AddV2': lambda x, _: x[0] + x[1],
    'Sub': lambda x, _: x[0] - x[1],
    'Mul': lambda x, _: x[0] * x[1],
    'Sigmoid': lambda x, _: x[0].sigmoid(),
    'Cast': lambda x, _: x[0].float(),
    'Identity': lambda x, _: x[0],
    'Shape': _shape,
    'StridedSlice': _slice,
    'ResizeBilinear': _resize,
    '_FusedConv2D': _convolve,
    'FusedDepthwiseConv2dNative': _convolve,
    'DepthwiseConv2dNative': _convolve,
}
