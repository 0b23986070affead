"""MoveNet's weights: made ones of the same layout, no download."""

import json

import numpy as np
import pytest
import torch
from torch.nn.functional import conv2d, pad

from semtta_mm.compat.convolutions import SameConv2d, use_same_padding
from semtta_mm.compat.movenet import (
    backbone_state,
    neck_state,
    read_graph_weights,
)
from semtta_mm.models.necks import KeypointFPN
from semtta_mm.registry import MODELS
from semtta_mm.utils import InputError
from semtta_mm.utils.setup_env import register_all_modules

PREFIX = 'StatefulPartitionedCall/'
EXTRACTOR = PREFIX + 'center_net_mobile_net_v2fpn_feature_extractor/model_1/'
STAGES = (
    (16, 1),
    (24, 2),
    (32, 3),
    (64, 4),
    (96, 3),
    (160, 3),
    (320, 1),
)


def layers():
    """Every array that is used: name, shape (TensorFlow's order)."""

    def folded(name, shape, deep=False):
        part = 'depthwise' if deep else 'Conv2D'
        path = f'{EXTRACTOR}model/{name}/{part}'
        yield f'{path}_weights', shape
        yield f'{path}_bn_offset', (shape[2] if deep else shape[3],)

    yield from folded('Conv1', (3, 3, 3, 32))
    width, block = 32, 0
    for out, count in STAGES:
        for _ in range(count):
            name = f'block_{block}' if block else 'expanded_conv'
            hidden = 6 * width if block else width
            if block:
                yield from folded(f'{name}_expand', (1, 1, width, hidden))
            yield from folded(f'{name}_depthwise', (3, 3, hidden, 1), True)
            yield from folded(f'{name}_project', (1, 1, hidden, out))
            width, block = out, block + 1
    yield from folded('Conv_1', (1, 1, 320, 1280))

    laterals = ((1280, 64), (64, 64), (32, 32), (24, 24))
    for i, (channels, out) in enumerate(laterals):
        path = f'{EXTRACTOR}conv2d' + (f'_{i}' if i else '')
        yield f'{path}/Conv2D/ReadVariableOp', (1, 1, channels, out)
        yield f'{path}/BiasAdd/ReadVariableOp', (out,)
    for i, (channels, out) in enumerate(((64, 32), (32, 24), (24, 24))):
        path = f'{EXTRACTOR}separable_conv2d' + (f'_{i}' if i else '')
        path += '/separable_conv2d'
        yield f'{path}/ReadVariableOp', (3, 3, channels, 1)
        yield f'{path}_weights', (1, 1, channels, out)
        yield f'{path}_bn_offset', (out,)
    path = f'{PREFIX}kpt_heatmap_0/separable_conv2d_4'
    yield f'{path}/separable_conv2d/ReadVariableOp', (3, 3, 24, 1)
    yield f'{path}/separable_conv2d/ReadVariableOp_1', (1, 1, 24, 96)
    yield f'{path}/BiasAdd/ReadVariableOp', (96,)
    path = f'{PREFIX}kpt_heatmap_0/conv2d_5'
    yield f'{path}/Conv2D/ReadVariableOp', (1, 1, 96, 17)
    yield f'{path}/BiasAdd/ReadVariableOp', (17,)
    yield f'{PREFIX}Reshape_8', (17,)  # one that nobody needs


@pytest.fixture(scope='module')
def made(tmp_path_factory):
    """A graph model on disk and its arrays."""
    folder = tmp_path_factory.mktemp('movenet')
    rng = np.random.default_rng(0)
    manifest, content, arrays = [], b'', {}
    for name, shape in layers():
        array = (0.1 * rng.standard_normal(shape)).astype(np.float16)
        quantization = {'dtype': 'float16', 'original_dtype': 'float32'}
        manifest.append(
            {
                'name': name,
                'shape': list(shape),
                'dtype': 'float32',
                'quantization': quantization,
            }
        )
        content += array.tobytes()
        arrays[name] = array.astype(np.float32)
    topology = folder / 'model.json'
    topology.write_text(
        json.dumps({'weightsManifest': [{'weights': manifest}]})
    )
    data = folder / 'model.bin'
    data.write_bytes(content)
    return topology, data, arrays


def test_every_key_of_both_networks_is_there(made):
    register_all_modules()
    graph = read_graph_weights(*made[:2])
    trunk = MODELS.build(dict(type='mmpose.MobileNetV2', out_indices=(7,)))
    trunk.load_state_dict(backbone_state(graph))
    KeypointFPN(keypoints=17).load_state_dict(neck_state(graph))


def test_a_layer_computes_what_tensorflow_would(made):
    """First layer: SAME padding of an even size, bias, ReLU6."""
    register_all_modules()
    graph = read_graph_weights(*made[:2])
    trunk = MODELS.build(dict(type='mmpose.MobileNetV2', out_indices=(7,)))
    use_same_padding(trunk)
    trunk.load_state_dict(backbone_state(graph))
    trunk.eval()
    image = torch.randn(1, 3, 8, 8)
    weight = made[2][f'{EXTRACTOR}model/Conv1/Conv2D_weights']
    bias = made[2][f'{EXTRACTOR}model/Conv1/Conv2D_bn_offset']
    expected = conv2d(
        pad(image, (0, 1, 0, 1)),
        torch.from_numpy(weight).permute(3, 2, 0, 1),
        torch.from_numpy(bias),
        stride=2,
    )
    with torch.no_grad():
        found = trunk.conv1(image)
    assert found.shape == (1, 32, 4, 4)
    assert torch.allclose(found, expected.clamp(0, 6), atol=1e-5)


def test_same_padding_leaves_keys_and_other_layers_alone():
    register_all_modules()
    trunk = MODELS.build(dict(type='mmpose.MobileNetV2', out_indices=(7,)))
    keys = list(trunk.state_dict())
    use_same_padding(trunk)
    assert list(trunk.state_dict()) == keys
    assert not isinstance(trunk.layer1[0].conv[0].conv, SameConv2d)
    assert isinstance(trunk.layer2[0].conv[1].conv, SameConv2d)
    assert trunk(torch.randn(1, 3, 64, 64))[0].shape == (1, 1280, 2, 2)


def test_files_that_do_not_belong_together(made, tmp_path):
    topology, data, _ = made
    for content, problem in (
        (data.read_bytes()[:-2], 'is cut off'),
        (data.read_bytes() + b'00', 'holds'),
    ):
        other = tmp_path / 'other.bin'
        other.write_bytes(content)
        with pytest.raises(InputError, match=problem):
            read_graph_weights(topology, other)
