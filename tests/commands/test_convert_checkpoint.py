"""``semtta convert-checkpoint`` on files of public layouts."""

import argparse
from pathlib import Path

import pytest
import torch
from checkpoints.layouts.lineage import random_hmr
from safetensors.torch import load_file

from semtta_mm.apis.convert_checkpoint import build_part, find_part
from semtta_mm.checkpoints.weights import load_weights
from semtta_mm.commands.main import main
from semtta_mm.models.denoisers import MDNet
from semtta_mm.models.motion_text import MotionCLIP
from semtta_mm.setup_env import register_all_modules
from semtta_mm.utils import InputError

WIDTH = 8
CONFIG = f"""
estimator = dict(
    type='HMREstimator',
    backbone=dict(
        type='mmhuman3d.ResNet', depth=50, out_indices=(3,),
        stem_channels={WIDTH}, base_channels={WIDTH},
        norm_cfg=dict(type='GN', num_groups=4), norm_eval=False),
    head=dict(type='mmhuman3d.HMRHead', feat_dim={32 * WIDTH}),
    backbone_weights='nowhere.pth',  # not needed to convert
    mean_params='standing')
custom_hooks = [dict(type='DenoiserHook', denoiser=dict(type='MDNet'))]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / 'net.py'
    path.write_text(CONFIG)
    return path


@pytest.fixture
def official(tmp_path: Path) -> Path:
    """As CycleAdapt leaves it: two networks, SMPL and plain objects."""
    hmr, denoiser = random_hmr('GN', WIDTH), MDNet()
    torch.nn.init.normal_(denoiser.motion_fc_out.weight)
    state = {f'hmr_net.{k}': v for k, v in hmr.state_dict().items()}
    state |= {f'md_net.{k}': v for k, v in denoiser.state_dict().items()}
    state |= {f'smpl_layer.x{i}': torch.ones(2) for i in range(3)}
    path = tmp_path / 'official.pt'
    log = argparse.Namespace(mpjpe=87.7)
    torch.save({'model_state_dict': state, 'test_log': log}, path)
    return path


def run(*arguments: object) -> int:
    return main(['convert-checkpoint', *map(str, arguments)])


@pytest.mark.parametrize(
    ('part', 'layout', 'left_out'),
    [
        ('estimator', 'gn_hmr', 'md_net (20), smpl_layer (3)'),
        ('denoiser', 'mdnet', 'hmr_net (172), smpl_layer (3)'),
    ],
)
def test_converted_files_load_alike(
    config, official, tmp_path, capsys, part, layout, left_out
):
    target = tmp_path / 'new' / f'{part}.safetensors'
    options = ('--config', config, '--part', part)
    assert run(official, target, *options) == 0
    stored = load_file(target)
    printed = ' '.join(capsys.readouterr().out.split())
    numbers = sum(v.numel() for v in stored.values())
    assert f'layout: {layout}' in printed
    assert f'wrote: {len(stored)} tensors, {numbers} numbers' in printed
    assert f'left out (other networks): {left_out}' in printed
    assert str(target) in printed.replace(' ', '')

    register_all_modules()
    first, second = (build_part(config, part, None) for _ in range(2))
    load_weights(first, official)
    load_weights(second, target)
    assert stored.keys() == first.state_dict().keys()
    for name, value in first.state_dict().items():
        assert torch.equal(second.state_dict()[name], value), name


def test_the_decoder_of_motionclip_is_left_out(config, tmp_path, capsys):
    sizes = dict(width=8, layers=1, heads=2, feedforward=8, frames=9)
    part = f"\nmotion_text = dict(type='MotionCLIP', **{sizes})"
    config.write_text(CONFIG + part)
    model = MotionCLIP(**sizes)
    source = tmp_path / 'checkpoint_0100.pth.tar'
    decoder = {'decoder.actionBiases': torch.ones(1, 8)}
    torch.save(model.state_dict() | decoder, source)
    target = tmp_path / 'motionclip.safetensors'
    options = ('--config', config, '--part', 'motion_text')
    assert run(source, target, *options) == 0
    printed = capsys.readouterr().out
    assert 'layout: motionclip' in printed and 'decoder (1)' in printed
    again = MotionCLIP(**sizes, weights=target)
    for name, value in model.state_dict().items():
        assert torch.equal(again.state_dict()[name], value), name


def test_nothing_is_overwritten_without_force(
    config, official, tmp_path, capsys
):
    target = tmp_path / 'a.safetensors'
    target.write_text('precious')
    assert run(official, target, '--config', config) == 2
    assert '--force' in capsys.readouterr().err
    assert target.read_text() == 'precious'
    assert run(official, target, '--config', config, '--force') == 0
    assert load_file(target)


def test_absent_parts(config, official, tmp_path, capsys):
    target = tmp_path / 'a.safetensors'
    options = ('--config', config, '--part', 'motion_text')
    assert run(official, target, *options) == 2
    assert 'net.py: motion_text: is absent' in capsys.readouterr().err
    assert not target.exists()


def test_bad_files_leave_nothing(config, official, tmp_path, capsys):
    target = tmp_path / 'a.pth'
    assert run(official, target, '--config', config) == 2
    assert 'ends with .safetensors' in capsys.readouterr().err
    target = tmp_path / 'a.safetensors'
    bad = tmp_path / 'bad.pt'
    content = torch.load(official, weights_only=False)
    content['model_state_dict']['vae.w'] = torch.ones(1)
    torch.save(content, bad)
    assert run(bad, target, '--config', config) == 2
    assert 'unknown to gn_hmr: vae.w' in capsys.readouterr().err
    assert run(tmp_path / 'no.pt', target, '--config', config) == 2
    assert not target.exists()


def test_parts_are_found_anywhere():
    outer, inner = dict(type='A'), dict(type='B')
    assert find_part({'x': [{'denoiser': inner}]}, 'denoiser') == inner
    both = {'model': {'estimator': inner}, 'estimator': outer}
    assert find_part(both, 'estimator') == outer
    assert find_part({'denoiser': None, 'y': 3}, 'denoiser') is None
    with pytest.raises(InputError, match='does not exist'):
        build_part(Path('nowhere.py'), 'estimator', None)
