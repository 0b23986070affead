import os
import pickle

import numpy as np
import pytest
import torch
from mmengine.model import BaseModel
from mmengine.registry import DefaultScope
from mmengine.runner import Runner
from torch import nn
from torch.utils.data import DataLoader

from semtta_mm.checkpoints.mmengine_checkpoints import (
    load_mm_state_dict,
    read_mm_checkpoint,
)
from semtta_mm.compat.torchvision import ensure_torchvision
from semtta_mm.utils import InputError


class Toy(BaseModel):
    def __init__(self):
        super().__init__()
        self.layer = nn.Linear(2, 1)

    def forward(self, x, mode):
        return dict(loss=self.layer(torch.stack(x)).square().mean())


@pytest.fixture(scope='module')
def written(tmp_path_factory):
    """A file written by mmengine's Runner, and its weights."""
    ensure_torchvision()
    folder = tmp_path_factory.mktemp('runner')
    data = [dict(x=torch.rand(2)) for _ in range(4)]
    with DefaultScope.overwrite_default_scope('mmengine'):
        runner = Runner(
            Toy(),
            str(folder),
            train_dataloader=DataLoader(
                data, 2, collate_fn=lambda b: dict(x=[i['x'] for i in b])
            ),
            optim_wrapper=dict(optimizer=dict(type='SGD', lr=0.1)),
            param_scheduler=dict(type='StepLR', step_size=1),
            train_cfg=dict(by_epoch=True, max_epochs=1),
            default_hooks=dict(logger=dict(type='LoggerHook', interval=1)),
            experiment_name='test_checkpoints',
            log_level='ERROR',
        )
        runner.train()
    return folder / 'epoch_1.pth', runner.model.state_dict()


def test_a_runners_checkpoint_is_read(written):
    path, weights = written
    with pytest.raises(pickle.UnpicklingError):
        torch.load(path, weights_only=True)  # why this module exists
    before = set(torch.serialization.get_safe_globals())
    state = load_mm_state_dict(path)
    assert state.keys() == weights.keys()
    for name, value in weights.items():
        torch.testing.assert_close(state[name], value)
    # Nothing stays allowed afterwards.
    assert set(torch.serialization.get_safe_globals()) == before


def test_dataset_meta_with_arrays(tmp_path):
    path = tmp_path / 'a.pth'
    meta = dict(
        sigmas=np.float32([0.1, 0.2]),
        names=np.array(['a', 'b']),
        n=np.int64(2),
    )
    content = dict(
        state_dict=dict(w=torch.ones(1)), meta={'dataset_meta': meta}
    )
    torch.save(content, path)
    read = read_mm_checkpoint(path).dataset_meta
    np.testing.assert_array_equal(read['sigmas'], meta['sigmas'])
    assert read['names'].tolist() == ['a', 'b']
    assert read['n'] == 2


def test_a_plain_state_dict(tmp_path):
    path = tmp_path / 'a.pth'
    torch.save(dict(w=torch.ones(1)), path)
    checkpoint = read_mm_checkpoint(path)
    assert checkpoint.state_dict['w'].tolist() == [1]
    assert checkpoint.dataset_meta is None


class Evil:
    def __init__(self, *call):
        self.call = call

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    ('call', 'name'),
    [
        ((os.mkdir, ('evil',)), 'posix.mkdir'),
        ((eval, ("__import__('os').mkdir('evil')",)), 'builtins.eval'),
        ((__import__, ('antigravity',)), 'builtins.__import__'),
    ],
)
def test_foreign_code_never_runs(tmp_path, monkeypatch, call, name):
    monkeypatch.chdir(tmp_path)
    content = dict(state_dict=dict(w=torch.ones(1)), x=Evil(*call))
    torch.save(content, 'a.pth')
    with pytest.raises(InputError, match=f'refused class {name}'):
        read_mm_checkpoint('a.pth')
    assert os.listdir() == ['a.pth']


def test_getattr_in_a_file_gives_nothing(tmp_path):
    path = tmp_path / 'a.pth'
    content = dict(
        state_dict=dict(w=torch.ones(1)),
        meta=dict(dataset_meta=dict(x=Evil(getattr, (np.ndarray, 'tofile')))),
    )
    torch.save(content, path)
    assert read_mm_checkpoint(path).dataset_meta == {'x': None}


@pytest.mark.parametrize(
    ('content', 'field', 'problem'),
    [
        ([1, 2], 'file', 'contains a list'),
        ({'state_dict': {}}, 'state_dict', 'contains no tensors'),
        ({'state_dict': {'w': 1}}, 'w', 'is of type int'),
    ],
)
def test_other_content(tmp_path, content, field, problem):
    path = tmp_path / 'a.pth'
    torch.save(content, path)
    with pytest.raises(InputError, match=problem) as caught:
        read_mm_checkpoint(path)
    assert caught.value.field == field


def test_missing_and_broken_files(tmp_path, written):
    with pytest.raises(InputError, match='does not exist'):
        read_mm_checkpoint(tmp_path / 'nowhere.pth')
    path = tmp_path / 'cut.pth'
    path.write_bytes(written[0].read_bytes()[:500])
    with pytest.raises(InputError, match=r'cut\.pth: file: cannot be read'):
        read_mm_checkpoint(path)
    path.write_text('no checkpoint')
    with pytest.raises(InputError, match='not a checkpoint of torch'):
        read_mm_checkpoint(path)
