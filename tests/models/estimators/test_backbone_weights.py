import pytest
import torch
from torch import nn

from semtta_mm.models.estimators.backbone_weights import load_backbone_weights
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError
from semtta_mm.utils.package_data import known_files


def network(seed: int) -> nn.Module:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4))


def save(path, state):
    torch.save(state, path)
    return path


def same(first: nn.Module, second: nn.Module) -> bool:
    states = first.state_dict().values(), second.state_dict().values()
    return all(torch.equal(a, b) for a, b in zip(*states, strict=True))


def test_by_name_whatever_the_order(tmp_path):
    source, target = network(0), network(1)
    state = source.state_dict()
    shuffled = {name: state[name] for name in reversed(list(state))}
    extra = shuffled | {'fc.weight': torch.zeros(2)}  # a classifier
    load_backbone_weights(target, save(tmp_path / 'a.pt', extra))
    assert same(source, target)


def test_by_order_where_no_name_fits(tmp_path):
    source, target = network(0), network(1)
    state = source.state_dict()
    other = {f'features.{i}': v for i, v in enumerate(state.values())}
    load_backbone_weights(target, save(tmp_path / 'a.pt', other))
    assert same(source, target)


@pytest.mark.parametrize(
    ('change', 'problem'),
    [
        (lambda s: {k: v for k, v in s.items() if k != '0.bias'}, 'absent'),
        (lambda s: s | {'1.bias': torch.zeros(5)}, r'is \[5\], not \[4\]'),
        (lambda s: {'x': torch.zeros(3)}, 'has 1 entries'),
        (
            lambda s: {f'y{i}': torch.zeros(7) for i in range(len(s))},
            r'is \[7\], not',
        ),
    ],
)
def test_wrong_weights_change_nothing(tmp_path, change, problem):
    target = network(1)
    path = save(tmp_path / 'a.pt', change(network(0).state_dict()))
    with pytest.raises(InputError, match=problem):
        load_backbone_weights(target, path)
    assert same(target, network(1))


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match='does not exist'):
        load_backbone_weights(network(0), tmp_path / 'none.pt')


def test_imagenet_mobilenet_in_the_openmmlab_network():
    """BatchNorm statistics are not those of a random network."""
    name = 'imagenet/mobilenetv2.pt'
    if not known_files()[name].path().is_file():
        pytest.skip(f'{name} is not in the cache')
    register_all_modules()
    trunk = MODELS.build(dict(type='mmpose.MobileNetV2', out_indices=(7,)))
    load_backbone_weights(trunk, name)
    trunk.eval()
    with torch.no_grad():
        image = torch.rand(1, 3, 64, 64).sub(0.45).div(0.22)
        features = trunk(image)[0]
    assert features.shape[:2] == (1, 1280)
    assert 0.05 < features.mean() < 2
    assert (features == 0).float().mean() > 0.3


def test_a_runner_does_not_undo_them(tmp_path):
    """A Runner calls init_weights() before training."""
    torch.manual_seed(0)
    path = tmp_path / 'weights.pth'
    backbone = dict(type='mmpose.MobileNetV2', out_indices=(7,))
    register_all_modules()
    given = MODELS.build(backbone).state_dict()
    torch.save({'state_dict': given}, path)
    estimator = MODELS.build(
        dict(
            type='HMREstimator',
            backbone=backbone,
            head=dict(type='mmhuman3d.HMRHead', feat_dim=1280),
            mean_params='standing',
            backbone_weights=path,
        )
    )
    estimator.init_weights()
    for name, value in estimator.backbone.state_dict().items():
        assert torch.equal(value, given[name]), name
