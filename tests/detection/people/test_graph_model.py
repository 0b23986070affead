"""A graph model of TensorFlow.js runs in torch."""

import base64
import json

import numpy as np
import pytest
import torch

from semtta_mm.detection.people.graph_model import GraphModel
from semtta_mm.utils import InputError


def text(value):
    return base64.b64encode(value.encode()).decode()


def numbers(*values):
    return {'list': {'i': [str(v) for v in values]}}


def node(name, op, *inputs, **attributes):
    return {
        'name': f'StatefulPartitionedCall/{name}',
        'op': op,
        'input': [f'StatefulPartitionedCall/{i}' for i in inputs],
        'attr': attributes,
    }


def convolution(stride=1, fused=('BiasAdd',), padding='SAME'):
    return {
        'strides': numbers(1, stride, stride, 1),
        'dilations': numbers(1, 1, 1, 1),
        'padding': {'s': text(padding)},
        'fused_ops': {'list': {'s': [text(f) for f in fused]}},
    }


@pytest.fixture
def write(tmp_path):
    def written(nodes, constants):
        topology, data = tmp_path / 'm.json', tmp_path / 'm.bin'
        rows = [
            {
                'name': f'StatefulPartitionedCall/{name}',
                'shape': list(value.shape),
                'dtype': 'int32' if value.dtype == np.int32 else 'float32',
            }
            for name, value in constants.items()
        ]
        nodes = [*nodes, *(node(name, 'Const') for name in constants)]
        manifest = {
            'modelTopology': {'node': nodes},
            'weightsManifest': [{'weights': rows}],
        }
        topology.write_text(json.dumps(manifest))
        data.write_bytes(b''.join(v.tobytes() for v in constants.values()))
        return topology, data

    return written


def test_stride_two_pads_the_far_side_only(write):
    """TensorFlow pads an even input below and right: windows start at 0."""
    kernel = np.ones((3, 3, 1, 1), np.float32)
    files = write(
        [
            node('x', 'Placeholder'),
            node('y', '_FusedConv2D', 'x', 'k', 'b', **convolution(2)),
        ],
        {'k': kernel, 'b': np.array([0.5], np.float32)},
    )
    image = torch.arange(16.0).reshape(1, 4, 4, 1)
    (found,) = GraphModel(*files, ['y'])(image)
    expected = [[0 + 1 + 2 + 4 + 5 + 6 + 8 + 9 + 10, 2 + 3 + 6 + 7 + 10 + 11],
                [8 + 9 + 10 + 12 + 13 + 14, 10 + 11 + 14 + 15]]  # fmt: skip
    assert found[0, :, :, 0].tolist() == [
        [v + 0.5 for v in row] for row in expected
    ]


def test_depthwise_channels_stay_apart_and_relu6_clips(write):
    kernel = np.array([1.0, -1.0, 10.0], np.float32).reshape(1, 1, 3, 1)
    fused = convolution(fused=('BiasAdd', 'Relu6'))
    files = write(
        [
            node('x', 'Placeholder'),
            node('y', 'FusedDepthwiseConv2dNative', 'x', 'k', 'b', **fused),
        ],
        {'k': kernel, 'b': np.zeros(3, np.float32)},
    )
    (found,) = GraphModel(*files, ['y'])(torch.full((2, 3, 3, 3), 2.0))
    assert found.shape == (2, 3, 3, 3)
    assert found[1, 2, 2].tolist() == [2, 0, 6]


def test_an_image_is_enlarged_to_twice_its_size(write):
    """As the graph says it: shape, its middle, times two, resize."""
    one = {'half_pixel_centers': {'b': True}, 'align_corners': {'b': False}}
    files = write(
        [
            node('x', 'Placeholder'),
            node('s', 'Shape', 'x'),
            node('m', 'StridedSlice', 's', 'from', 'to', 'step'),
            node('t', 'Mul', 'm', 'two'),
            node('y', 'ResizeBilinear', 'x', 't', **one),
            node('unused', 'NonMaxSuppressionV5', 'y'),
        ],
        {
            'from': np.array([1], np.int32),
            'to': np.array([3], np.int32),
            'step': np.array([1], np.int32),
            'two': np.array([2, 2], np.int32),
        },
    )
    image = torch.tensor([0.0, 4.0]).reshape(1, 1, 2, 1)
    (found,) = GraphModel(*files, ['y'])(image)
    assert found[0, :, :, 0].tolist() == [[0, 1, 3, 4]] * 2


def test_what_cannot_run_is_named(write):
    files = write(
        [node('x', 'Placeholder'), node('y', 'NonMaxSuppressionV5', 'x')], {}
    )
    with pytest.raises(InputError, match='y: is NonMaxSuppressionV5'):
        GraphModel(*files, ['y'])
    with pytest.raises(InputError, match='z: is not in the graph'):
        GraphModel(*files, ['z'])
