"""The graph of a real network equals the same network built of mmpose."""

import pytest
import torch

from semtta_mm.checkpoints.movenet import (
    backbone_state,
    neck_state,
    read_graph_weights,
)
from semtta_mm.compat.convolutions import use_same_padding
from semtta_mm.detection.people.graph_model import GraphModel
from semtta_mm.models.necks import KeypointFPN
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils.package_data import known_files


def test_movenet_lightning_in_two_ways():
    pytest.importorskip('mmpose')
    names = ('movenet/lightning.json', 'movenet/lightning.bin')
    files = [known_files()[name].path() for name in names]
    if not all(path.is_file() for path in files):
        pytest.skip('MoveNet Lightning is not in the cache')
    register_all_modules()
    weights = read_graph_weights(*files)
    config = dict(type='mmpose.MobileNetV2', out_indices=(1, 2, 3, 7))
    backbone, neck = MODELS.build(config), KeypointFPN(keypoints=17)
    use_same_padding(backbone)
    backbone.load_state_dict(backbone_state(weights))
    neck.load_state_dict(neck_state(weights))
    torch.manual_seed(0)
    image = torch.randint(0, 256, (1, 192, 192, 3)).float()
    outputs = ['kpt_heatmap_0/conv2d_5/BiasAdd']
    graph = GraphModel(*files, outputs, source='stack')  # float images
    (found,) = graph(image)
    with torch.no_grad():
        scaled = (image / 127.5 - 1).permute(0, 3, 1, 2)
        backbone.eval()  # mmpose's returns None
        expected = neck(backbone(scaled)).permute(0, 2, 3, 1)
    assert found.shape == (1, 48, 48, 17)
    torch.testing.assert_close(found, expected, atol=0.02, rtol=1e-3)
