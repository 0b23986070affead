"""Shipped weights: publishing, loading, and errors."""

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from mmengine.config import Config
from mmengine.hooks import EMAHook
from mmengine.runner import Runner
from safetensors.torch import load_file, save_file
from torch import nn

from semtta_mm.checkpoints.publishing import Provenance, halved, publish
from semtta_mm.checkpoints.shipped import WEIGHTS, shipped_weights
from semtta_mm.checkpoints.weights import load_weights
from semtta_mm.models.denoisers import MDNet
from semtta_mm.setup_env import register_all_modules
from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.training_data import MotionClip
from semtta_mm.utils import InputError
from semtta_mm.utils.files import file_sha256

CONFIG = Path(__file__).parents[2] / 'configs' / 'train_mdnet.py'
FACTS = Provenance(
    'semtta train a.py', 'a', 'Apache-2.0', 'nothing', '2026-11-23'
)


def network() -> nn.Module:
    """Wide enough to be halved, with statistics."""
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(40, 1500), nn.BatchNorm1d(1500))
    net(torch.randn(8, 40) * 9)
    return net


@pytest.fixture
def checkpoint(tmp_path: Path) -> Path:
    state = {f'estimator.{k}': v for k, v in network().state_dict().items()}
    state['head.weight'] = torch.ones(3)
    path = tmp_path / 'epoch_1.pth'
    content = {'state_dict': state, 'meta': {'seed': 7}}
    torch.save(content, path)
    return path


def load_empty(source, **options) -> nn.Module:
    net = nn.Sequential(nn.Linear(40, 1500), nn.BatchNorm1d(1500))
    load_weights(net, source, **options)
    return net


def test_published_weights_are_loaded(checkpoint, tmp_path):
    entry = publish(checkpoint, 'a/b', FACTS, 'estimator.', False, tmp_path)
    net = load_empty('a/b', folder=tmp_path)
    for name, value in network().state_dict().items():
        assert torch.equal(net.state_dict()[name], value), name
    path = tmp_path / 'a' / 'b.safetensors'
    assert entry == shipped_weights(tmp_path)['a/b']
    assert entry.bytes == path.stat().st_size
    assert entry.parameters == 40 * 1500 + 5 * 1500 + 1
    assert (entry.seed, entry.averaged) == (7, False)
    assert load_file(path).keys() == network().state_dict().keys()


def test_half_keeps_statistics_and_small_tensors(checkpoint, tmp_path):
    entry = publish(checkpoint, 'h', FACTS, 'estimator.', True, tmp_path)
    stored = load_file(tmp_path / 'h.safetensors')
    kinds = {name: value.dtype for name, value in stored.items()}
    assert kinds['0.weight'] == kinds['1.bias'] == torch.float16
    for name in ('1.running_mean', '1.running_var'):
        assert torch.equal(stored[name], network().state_dict()[name])
    assert kinds['1.num_batches_tracked'] == torch.int64
    assert entry.dtype == 'float16'
    net = load_empty('h', folder=tmp_path)
    weight = network().state_dict()['0.weight']
    assert net[0].weight.dtype == torch.float32
    assert (net[0].weight - weight).abs().max() < 1e-3 * weight.abs().max()
    small = halved({'x': torch.ones(1023), 'y': torch.ones(1024)})
    assert [v.dtype for v in small.values()] == [torch.float32, torch.float16]


def test_same_weights_same_file(checkpoint, tmp_path):
    for name in ('a', 'b'):
        publish(checkpoint, name, FACTS, 'estimator.', True, tmp_path)
    entries = shipped_weights(tmp_path)
    assert list(entries) == ['a', 'b']
    assert entries['a'] == entries['b']


def test_the_running_mean_is_published(tmp_path):
    """A real Runner with EMAHook; its file holds mean and last weights."""
    pose = np.tile(np.eye(3), (60, 24, 1, 1))
    clip = MotionClip('a', 'stand', 'cmu', 30.0, pose)
    cfg = Config.fromfile(CONFIG)
    cfg.work_dir = str(tmp_path / 'work')
    cfg.train_cfg = dict(by_epoch=True, max_epochs=1)
    cfg.train_dataloader.dataset.path = str(
        write_motion_set(tmp_path / 'a.npz', [clip])
    )
    cfg.train_dataloader.dataset.windows = 256
    for name in ('val', 'test'):
        for part in ('dataloader', 'evaluator', 'cfg'):
            cfg.pop(f'{name}_{part}')
    register_all_modules()
    runner = Runner.from_cfg(cfg)
    last = runner.train().denoiser.motion_fc_in.weight
    (hook,) = (h for h in runner.hooks if isinstance(h, EMAHook))
    mean = hook.ema_model.module.denoiser.motion_fc_in.weight
    path = tmp_path / 'work' / 'epoch_1.pth'
    entry = publish(path, 'm', FACTS, 'denoiser.', False, tmp_path)
    stored = load_file(tmp_path / 'm.safetensors')['motion_fc_in.weight']
    assert (entry.averaged, entry.seed) == (True, 0)
    assert torch.equal(stored, mean)
    assert not torch.equal(stored, last)


@pytest.mark.parametrize(
    ('change', 'message'),
    [
        (lambda s: s.pop('0.bias'), r'lacks 0\.bias\. Fix: give weights of'),
        (lambda s: s.update(x=torch.ones(1)), 'has unexpected x'),
        (
            lambda s: s.update({'0.bias': torch.ones(3)}),
            r'other shapes for 0\.bias \[3\] not \[1500\]',
        ),
        (
            lambda s: s['0.weight'].fill_(float('nan')),
            r'is not finite in 0\.weight',
        ),
        (
            lambda s: s.update({f'x{i}': torch.ones(1) for i in range(6)}),
            'unexpected x0, x1, x2, x3 and 2 more',
        ),
    ],
)
def test_wrong_weights_are_listed_and_not_loaded(tmp_path, change, message):
    state = network().state_dict()
    change(state)
    save_file(state, tmp_path / 'x.safetensors')
    net = nn.Sequential(nn.Linear(40, 1500), nn.BatchNorm1d(1500))
    before = net[0].weight.clone()
    with pytest.raises(InputError, match=message):
        load_weights(net, tmp_path / 'x.safetensors')
    assert torch.equal(net[0].weight, before)


def test_checkpoints_load_by_prefix(checkpoint):
    net = load_empty(checkpoint, prefix='estimator.')
    assert torch.equal(net[0].weight, network()[0].weight)
    with pytest.raises(InputError, match='or give their prefix'):
        load_empty(checkpoint)


def test_a_checkpoint_of_one_part_needs_no_prefix(checkpoint, tmp_path):
    state = torch.load(checkpoint, weights_only=True)['state_dict']
    del state['head.weight']
    torch.save({'state_dict': state}, tmp_path / 'one.pth')
    net = load_empty(tmp_path / 'one.pth')
    assert torch.equal(net[0].weight, network()[0].weight)


def test_unknown_source_lists_names(checkpoint, tmp_path):
    publish(checkpoint, 'known', FACTS, '', False, tmp_path)
    with pytest.raises(InputError, match=r'weights that ship \(known\)'):
        load_empty('unknown', folder=tmp_path)


def test_a_file_with_another_hash_is_refused(checkpoint, tmp_path):
    publish(checkpoint, 'a', FACTS, 'estimator.', False, tmp_path)
    path = tmp_path / 'a.safetensors'
    path.write_bytes(path.read_bytes()[:-1] + b'\0')
    with pytest.raises(InputError, match='has sha256 .* the manifest has'):
        load_empty('a', folder=tmp_path)
    path.unlink()
    with pytest.raises(InputError, match='does not exist'):
        load_empty('a', folder=tmp_path)


def test_damaged_files(tmp_path):
    path = tmp_path / 'x.safetensors'
    path.write_bytes(b'12345678 nothing')
    with pytest.raises(InputError, match='cannot be read'):
        load_empty(path)
    (tmp_path / 'manifest.json').write_text('{"a": {"bytes": 3}}')
    with pytest.raises(
        InputError, match=r'manifest\.json: file: is not a man'
    ):
        load_empty(path, folder=tmp_path)


@pytest.mark.parametrize(
    ('name', 'prefix', 'message'),
    [
        ('A b', '', "'A b' is not a valid name"),
        ('../a', '', 'is not a valid name'),
        ('a', 'model.', r"no name starts with 'model\.'; the first is 'est"),
    ],
)
def test_bad_names(checkpoint, tmp_path, name, prefix, message):
    with pytest.raises(InputError, match=message):
        publish(checkpoint, name, FACTS, prefix, False, tmp_path)
    assert not (tmp_path / 'manifest.json').exists()


@pytest.mark.parametrize(
    ('value', 'half', 'message'),
    [
        (float('nan'), False, 'x: contains NaN or infinity'),
        (1e6, True, 'x: contains numbers beyond the range of float16'),
    ],
)
def test_numbers_that_cannot_be_published(tmp_path, value, half, message):
    path = tmp_path / 'c.pth'
    torch.save({'state_dict': {'x': torch.full((2000,), value)}}, path)
    with pytest.raises(InputError, match=message):
        publish(path, 'a', FACTS, '', half, tmp_path)
    assert not list(tmp_path.glob('*.safetensors'))


@pytest.mark.parametrize(
    ('content', 'message'),
    [
        (None, 'file: does not exist'),
        (b'junk', 'is not a checkpoint of torch, or is damaged'),
        ({'weights': 1}, 'state_dict: is absent'),
        ({'state_dict': {}, 'x': Path('a')}, 'PlainCheckpointHook'),
    ],
)
def test_bad_checkpoints(tmp_path, content, message):
    path = tmp_path / 'c.pth'
    if isinstance(content, bytes):
        path.write_bytes(content)
    elif content is not None:
        torch.save(content, path)
    with pytest.raises(InputError, match=message):
        publish(path, 'a', FACTS, '', False, tmp_path)


def test_everything_that_ships_is_listed_and_complete():
    manifest = json.loads((WEIGHTS / 'manifest.json').read_text())
    files = {
        p.relative_to(WEIGHTS).with_suffix('').as_posix(): p
        for p in WEIGHTS.rglob('*.safetensors')
    }
    assert files.keys() == manifest.keys()
    for name, path in files.items():
        assert manifest[name]['sha256'] == file_sha256(path)
        assert manifest[name]['bytes'] == path.stat().st_size


def test_shipped_mdnet_loads():
    net = MDNet()
    load_weights(net, 'mdnet_open')
    assert shipped_weights()['mdnet_open'].parameters == 52712
