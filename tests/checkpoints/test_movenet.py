"""MoveNet's weights, on random ones of the same layout, no download."""

from pathlib import Path

import pytest
import torch
from stand_ins import EXTRACTOR, PREFIX, write_movenet
from torch.nn.functional import conv2d, pad

from semtta_mm.checkpoints import movenet
from semtta_mm.checkpoints.movenet import (
    backbone_state,
    head_state,
    neck_state,
    read_graph_weights,
)
from semtta_mm.compat.convolutions import SameConv2d, use_same_padding
from semtta_mm.compat.mmpose import init_pose_model
from semtta_mm.models.heads import MoveNetHead
from semtta_mm.models.necks import KeypointFPN
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError


@pytest.fixture(scope='module')
def made(tmp_path_factory):
    """A graph model on disk and its arrays."""
    return write_movenet(tmp_path_factory.mktemp('movenet'))


def test_every_key_of_both_networks_is_there(made):
    register_all_modules()
    graph = read_graph_weights(*made[:2])
    trunk = MODELS.build(dict(type='mmpose.MobileNetV2', out_indices=(7,)))
    trunk.load_state_dict(backbone_state(graph))
    KeypointFPN(keypoints=17).load_state_dict(neck_state(graph))
    MoveNetHead().load_state_dict(head_state(graph))


def test_the_whole_estimator_has_exactly_these_keys(made, monkeypatch):
    files = {'lightning.json': made[0], 'lightning.bin': made[1]}
    monkeypatch.setattr(
        movenet, 'fetch_known', lambda name: files[Path(name).name]
    )
    register_all_modules()
    root = Path(__file__).parents[2] / 'configs/mmpose'
    model = init_pose_model(root / 'movenet_lightning_coco-192x192.py')
    state = movenet.mmpose_state('movenet/lightning')
    assert set(state) == set(model.state_dict())
    model.load_state_dict(state)


def test_branches_are_not_mixed_up(made):
    """Each branch has the arrays of its own name."""
    state = head_state(read_graph_weights(*made[:2]))
    for name, source, number in (
        ('centre', 'center_0', 4),
        ('regress', 'kpt_regress_0', 6),
        ('offset', 'kpt_offset_0', 7),
    ):
        path = f'{PREFIX}{source}/conv2d_{number}/BiasAdd/ReadVariableOp'
        bias = torch.from_numpy(made[2][path])
        assert torch.equal(state[f'{name}.maps.bias'], bias)


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


def test_files_of_different_models_are_refused(made, tmp_path):
    topology, data, _ = made
    for content, problem in (
        (data.read_bytes()[:-2], 'is truncated'),
        (data.read_bytes() + b'00', 'its model.json lists'),
    ):
        other = tmp_path / 'other.bin'
        other.write_bytes(content)
        with pytest.raises(InputError, match=problem):
            read_graph_weights(topology, other)
