"""Public HMR checkpoints into our estimator, with equal outputs."""

import argparse
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from checkpoints.layouts.lineage import LineageHMR, random_hmr
from mmengine.config import Config
from torch import nn

from semtta_mm.checkpoints.weights import load_weights
from semtta_mm.models.denoisers import MDNet
from semtta_mm.models.estimators import HMREstimator
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

CONFIGS = Path(__file__).parents[3] / 'configs' / '_base_' / 'estimators'
NORMS = {
    'GN': {'type': 'GN', 'num_groups': 4},
    'BN': {'type': 'BN'},
}
WIDTH = 8
"""Channels of the stem; the official network has 64."""


def estimator(kind: str, width: int = WIDTH, **changes) -> HMREstimator:
    register_all_modules()
    torch.manual_seed(7)
    backbone = dict(
        type='mmhuman3d.ResNet',
        depth=50,
        stem_channels=width,
        base_channels=width,
        out_indices=(3,),
        norm_cfg=NORMS[kind],
        norm_eval=False,
    )
    cfg = dict(
        type='HMREstimator',
        backbone=backbone | changes,
        head=dict(type='mmhuman3d.HMRHead', feat_dim=32 * width),
        mean_params='standing',
    )
    return MODELS.build(cfg).eval()


def prefixed(prefix: str, net: nn.Module) -> dict:
    return {prefix + k: v for k, v in net.state_dict().items()}


def boa(net: LineageHMR) -> dict:
    return {'model': prefixed('module.', net)}


def cycleadapt_input(net: LineageHMR) -> dict:
    return {'model': net.state_dict()}


def cycleadapt_output(net: LineageHMR, wrapped: str = '') -> dict:
    smpl = {f'{wrapped}smpl_layer.th_faces': torch.ones(2, 3)}
    state = prefixed(f'{wrapped}hmr_net.', net)
    state |= prefixed(f'{wrapped}md_net.', MDNet()) | smpl
    return {
        'cycle': 12,
        'model_state_dict': state,
        'optim_state_dict': {'lr': 5e-5},
        'scheduler_state_dict': argparse.Namespace(total=12),
        'test_log': {'mpjpe': np.float64(87.7)},
    }


def spin(net: LineageHMR) -> dict:
    return {
        'model': net.state_dict(),
        'optimizer': {'state': {}, 'param_groups': [{'lr': 5e-5}]},
        'epoch': 60,
    }


def mmhuman3d(net: LineageHMR) -> dict:
    """From our estimator's names, which are mmhuman3d's; see parity."""
    own = estimator(
        'GN' if 'bn1.running_mean' not in net.state_dict() else 'BN'
    )
    load_state(own, net)
    other = {
        'disc.fc.weight': torch.ones(2),
        'body_model_train.shapedirs': torch.ones(3),
        'body_model_test.shapedirs': torch.ones(3),
    }
    return {
        'meta': {'epoch': 3, 'CLASSES': None},
        'state_dict': dict(own.state_dict()) | other,
        'optimizer': {},
    }


def load_state(own: HMREstimator, net: LineageHMR) -> None:
    layout = next(x for x in own.checkpoint_layouts() if not x.refusal)
    own.load_state_dict(layout.apply(net.state_dict(), 'none'))


@pytest.fixture(scope='module')
def nets() -> dict[str, LineageHMR]:
    return {kind: random_hmr(kind, WIDTH) for kind in NORMS}


@pytest.fixture
def written(tmp_path, nets) -> Callable[..., Path]:
    def write(kind: str, layout: Callable, change: Callable = dict) -> Path:
        path = tmp_path / 'official.pt'
        torch.save(change(layout(nets[kind])), path)
        return path

    return write


def assert_parity(own: HMREstimator, net: LineageHMR) -> None:
    generator = torch.Generator().manual_seed(1)
    crop = torch.randint(
        0, 256, (2, 3, 224, 224), dtype=torch.uint8, generator=generator
    )
    crop[1] //= 4
    mean = torch.tensor([0.485, 0.456, 0.406]).view(3, 1, 1)
    std = torch.tensor([0.229, 0.224, 0.225]).view(3, 1, 1)
    with torch.no_grad():
        pose, betas, camera = net((crop / 255 - mean) / std)
        found = own.eval()(crop)
    near = dict(atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(found.params.pose, pose, **near)
    torch.testing.assert_close(found.params.betas, betas, **near)
    torch.testing.assert_close(found.camera, camera, **near)
    # Not merely where the regression starts, nor the same for all crops.
    assert (betas - net.init_shape).abs().max() > 1e-2
    assert (betas[0] - betas[1]).abs().max() > 1e-3


@pytest.mark.parametrize(
    ('kind', 'layout'),
    [
        ('GN', boa),
        ('GN', cycleadapt_input),
        ('GN', cycleadapt_output),
        ('GN', lambda net: cycleadapt_output(net, 'module.')),
        ('GN', lambda net: net.state_dict()),
        ('GN', mmhuman3d),
        ('BN', spin),
        ('BN', lambda net: prefixed('module.', net)),
        ('BN', mmhuman3d),
    ],
)
def test_outputs_equal_those_of_the_official_network(
    nets, written, kind, layout
):
    own = estimator(kind)
    load_weights(own, written(kind, layout))
    assert_parity(own, nets[kind])
    for name in ('pose', 'shape', 'cam'):
        name = f'init_{name}'
        assert torch.equal(getattr(own.head, name), getattr(nets[kind], name))


def test_the_size_of_the_paper(tmp_path):
    """The shipped config, 26,977,501 parameters, in the old file format."""
    net = random_hmr('GN', 64)
    assert sum(p.numel() for p in net.parameters()) == 26_977_501
    path = tmp_path / 'basemodel.pt'
    torch.save(boa(net), path, _use_new_zipfile_serialization=False)
    register_all_modules()
    cfg = Config.fromfile(CONFIGS / 'hmr_resnet50-gn.py')
    own = MODELS.build(cfg.estimator)
    load_weights(own, path)
    assert_parity(own, net)


@pytest.mark.parametrize(
    ('stored', 'own', 'layout', 'config'),
    [
        ('GN', 'BN', boa, 'hmr_resnet50-gn'),
        ('GN', 'BN', mmhuman3d, 'hmr_resnet50-gn'),
        ('BN', 'GN', spin, 'hmr_resnet50'),
        ('BN', 'GN', mmhuman3d, 'hmr_resnet50'),
    ],
)
def test_the_error_for_another_norm_gives_the_config(
    written, stored, own, layout, config
):
    path = written(stored, layout)
    with pytest.raises(InputError) as caught:
        load_weights(estimator(own), path)
    message = str(caught.value)
    assert message.endswith(f'use configs/_base_/estimators/{config}.py')
    assert 'GroupNorm' in message
    assert 'BatchNorm' in message
    assert (CONFIGS / f'{config}.py').is_file()


def test_the_error_for_another_backbone_gives_the_config(written):
    register_all_modules()
    cfg = Config.fromfile(CONFIGS / 'hmr_mobilenetv2.py')
    own = MODELS.build(cfg.estimator)
    with pytest.raises(InputError, match=r'another backbone.*resnet50-gn\.py'):
        load_weights(own, written('GN', boa))


def test_our_own_files_are_read_as_before(tmp_path):
    """A checkpoint with our names is loaded without a layout."""
    own, path = estimator('BN'), tmp_path / 'a.pth'
    torch.save({'state_dict': own.state_dict(), 'meta': {}}, path)
    again = estimator('BN')
    nn.init.zeros_(again.head.fc1.weight)
    load_weights(again, path)
    assert torch.equal(again.head.fc1.weight, own.head.fc1.weight)


def edit(**changes) -> Callable[[dict], dict]:
    """Change entries of the state dict; None removes."""

    def change(content: dict) -> dict:
        state = dict(content['model']) | changes
        return {'model': {k: v for k, v in state.items() if v is not None}}

    return change


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        (
            {'fc.weight': torch.ones(2), 'fc.bias': torch.ones(2)},
            r'unknown to spin_hmr: fc\.weight, fc\.bias',
        ),
        ({'layer2.0.bn2.bias': None}, r'lacks backbone\.layer2\.0\.bn2\.bias'),
        ({'init_cam': None}, r'lacks head\.init_cam'),
        (
            {'layer1.9.conv1.weight': torch.ones(2)},
            r'has unexpected backbone\.layer1\.9\.conv1\.weight',
        ),
        (
            {'fc2.bias': torch.ones(7)},
            r'other shapes for head\.fc2\.bias \[7\] not \[1024\]',
        ),
        (
            {'fc2.bias': torch.full((1024,), np.nan)},
            r'not finite in head\.fc2',
        ),
        ({'fc2.bias': argparse.Namespace()}, 'fc2.bias: is of type argparse'),
        ({'md_net.x': torch.ones(1)}, r'unknown to \w+: md_net\.x'),
    ],
)
def test_wrong_entries_are_listed_and_nothing_is_loaded(
    written, changes, message
):
    own = estimator('BN')
    before = own.head.fc1.weight.clone()
    with pytest.raises(InputError, match=message):
        load_weights(own, written('BN', spin, edit(**changes)))
    assert torch.equal(own.head.fc1.weight, before)


def test_missing_norms_are_an_error(written):
    """98 entries that ``strict=False`` would leave random, reference 13."""

    def without_norms(content: dict) -> dict:
        state = content['model']
        keep = {'module.bn1.weight'}  # a mark of the layout
        return {
            'model': {
                k: v for k, v in state.items() if k in keep or '.bn' not in k
            }
        }

    # Two entries each of the stem's norm and of three in each of 16 blocks;
    # the one mark stays.
    with pytest.raises(InputError, match=r'lacks .* and 93 more'):
        load_weights(estimator('GN'), written('GN', boa, without_norms))


def test_a_classifier_is_refused(tmp_path):
    net = random_hmr('BN', WIDTH)
    head = ('fc1', 'fc2', 'dec', 'init')
    state = {
        k: v for k, v in net.state_dict().items() if not k.startswith(head)
    }
    path = tmp_path / 'resnet50.pth'
    torch.save(state | {'fc.weight': torch.ones(2)}, path)
    with pytest.raises(InputError, match=r'classifier .* backbone_weights'):
        load_weights(estimator('BN'), path)


def test_the_error_for_another_file_lists_the_layouts(tmp_path):
    path = tmp_path / 'a.pt'
    torch.save({'w': torch.ones(1)}, path)
    with pytest.raises(InputError, match='layouts gn_hmr, mmhuman3d_gn_hmr'):
        load_weights(estimator('GN'), path)
