"""A user's network behind a function."""

import pytest
import torch
from torch import nn

from semtta_mm.geometry import rot6d_to_matrix
from semtta_mm.models.estimators import TorchEstimator
from semtta_mm.registry import MODELS
from semtta_mm.utils import InputError


class Net(nn.Module):
    """24 rotations in 6D, shape and camera from a mean colour."""

    def __init__(self):
        super().__init__()
        self.trunk = nn.Linear(3, 8)
        self.head = nn.Linear(8, 24 * 6 + 13)

    def forward(self, images):
        return self.head(self.trunk(images.mean(dim=(2, 3))).relu())


def bodies(net, images):
    out = net(images)
    pose = rot6d_to_matrix(out[:, :144].view(-1, 24, 6), 'columns')
    return {
        'global_orient': pose[:, 0],
        'body_pose': pose[:, 1:],
        'betas': out[:, 144:154],
        'camera': out[:, 154:].abs() + 0.5,
    }


IMAGES = torch.rand(2, 3, 32, 32)


def test_any_network():
    estimator = TorchEstimator(Net(), bodies, input_size=32)
    out = estimator(IMAGES)
    want = bodies(estimator.module, estimator.normalize(IMAGES))
    torch.testing.assert_close(out.params.pose[:, 0], want['global_orient'])
    torch.testing.assert_close(out.camera, want['camera'])
    out.params.pose.sum().backward()
    assert estimator.module.trunk.weight.grad is not None


def test_named_parts_adapt():
    estimator = TorchEstimator(Net(), bodies, adapted=['head'], input_size=32)
    free = {n for n, p in estimator.named_parameters() if p.requires_grad}
    assert free == {'module.head.weight', 'module.head.bias'}
    with pytest.raises(InputError, match='trunk, head'):
        TorchEstimator(Net(), bodies, adapted=['neck'])


def test_from_a_config():
    MODELS.register_module(name='TestNet', module=Net, force=True)
    config = dict(
        type='TorchEstimator',
        module=dict(type='TestNet'),
        predict_bodies=bodies,
        input_size=32,
    )
    assert isinstance(MODELS.build(config).module, Net)
    with pytest.raises(InputError, match='no function'):
        MODELS.build({**config, 'predict_bodies': 'unheard'})


@pytest.mark.parametrize('field', ['betas', 'camera'])
def test_wrong_results(field):
    def without(net, images):
        return {k: v for k, v in bodies(net, images).items() if k != field}

    def short(net, images):
        out = bodies(net, images)
        return {**out, field: out[field][:, :-1]}

    for function, problem in ((without, 'absent'), (short, 'shape')):
        with pytest.raises(InputError, match=f'(?s){field}.*{problem}'):
            TorchEstimator(Net(), function, input_size=32)(IMAGES)
