"""Files of torch are read without running code of theirs."""

import argparse
import os
import pickle
import subprocess
import sys
import tarfile
from collections import OrderedDict, defaultdict
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from semtta_mm.checkpoints import torch_files
from semtta_mm.checkpoints.placeholders import Placeholder
from semtta_mm.checkpoints.torch_files import read_torch_file
from semtta_mm.utils import InputError


class CfgNode(dict):
    """Like a config of yacs: a dict with additional state."""


class Numbers(list):
    """Filled by its own ``extend``."""


def hyper_parameters() -> dict:
    cfg = CfgNode(rate=1)
    cfg.frozen = True
    return {
        'args': argparse.Namespace(rate=3),
        'cfg': cfg,
        'numbers': Numbers([1, 2]),
        'folder': Path('x'),
        'groups': defaultdict(list, {1: [2]}),
        'network': nn.Linear(2, 2),
    }


def content() -> dict:
    state = OrderedDict(
        plain=torch.arange(6.0).reshape(2, 3),
        view=torch.arange(6.0).reshape(2, 3).t()[1:],
        half=torch.ones(3).half(),
        count=torch.tensor(7),
        parameter=nn.Parameter(torch.randn(2)),
        double=torch.ones(2, dtype=torch.float64),
    )
    state['tied'] = state['plain']
    plain = {
        'model': state,
        'score': np.float64(3.5),
        'list': np.arange(3),
        'seen': {1, 2},
        'epoch': 4,
    }
    return plain | hyper_parameters()


@pytest.mark.parametrize('protocol', [2, 4])
@pytest.mark.parametrize('zipped', [True, False], ids=['zip', 'legacy'])
def test_tensors_beside_foreign_objects(tmp_path, zipped, protocol):
    path = tmp_path / 'a.pt'
    given = content()
    torch.save(
        given,
        path,
        _use_new_zipfile_serialization=zipped,
        pickle_protocol=protocol,
    )
    read = read_torch_file(path)
    assert read.keys() == given.keys()
    assert read['model'].keys() == given['model'].keys()
    for name, value in given['model'].items():
        assert torch.equal(read['model'][name], value), name
        assert read['model'][name].dtype == value.dtype
    assert (read['score'], read['epoch']) == (3.5, 4)
    assert read['seen'] == {1, 2}
    np.testing.assert_array_equal(read['list'], [0, 1, 2])
    for name in hyper_parameters():
        assert isinstance(read[name], Placeholder), name
    assert read['args'].stands_for == 'argparse.Namespace'
    assert repr(read['args']) == '<argparse.Namespace, not read>'


@pytest.mark.parametrize('zipped', [True, False], ids=['zip', 'legacy'])
def test_plain_files_keep_their_objects(tmp_path, zipped):
    """Files that torch accepts are read by torch."""
    path = tmp_path / 'a.pt'
    given = {'model': {'w': torch.randn(2, 3)}, 'score': np.float32(2)}
    torch.save(given, path, _use_new_zipfile_serialization=zipped)
    read = read_torch_file(path)
    assert torch.equal(read['model']['w'], given['model']['w'])
    assert read['score'] == 2


class Evil:
    def __init__(self, *call):
        self.call = call

    def __reduce__(self):
        return self.call


CALLS = [
    ((os.mkdir, ('evil',)), 'posix.mkdir'),
    ((eval, ("__import__('os').mkdir('evil')",)), 'builtins.eval'),
    ((exec, ("import os; os.mkdir('evil')",)), 'builtins.exec'),
    ((__import__, ('antigravity',)), 'builtins.__import__'),
    ((subprocess.check_call, (['mkdir', 'evil'],)), 'subprocess.check_call'),
    ((pickle.loads, (b'cos\nmkdir\n(Vevil\ntR.',)), 'pickle.loads'),
]


@pytest.mark.parametrize('beside', [False, True])
@pytest.mark.parametrize('zipped', [True, False], ids=['zip', 'legacy'])
@pytest.mark.parametrize(('call', 'name'), CALLS)
def test_foreign_code_never_runs(
    tmp_path, monkeypatch, call, name, zipped, beside
):
    """Also in files that only our unpickler can read."""
    monkeypatch.chdir(tmp_path)
    given = {'w': torch.ones(1)}
    if beside:
        given['args'] = argparse.Namespace(a=1)
    given['x'] = Evil(*call)
    torch.save(given, 'a.pt', _use_new_zipfile_serialization=zipped)
    with pytest.raises(InputError, match=f'refused class {name}'):
        read_torch_file('a.pt')
    assert os.listdir() == ['a.pt']


def test_functions_of_packages_are_never_called(tmp_path):
    """They may be named, as classes are, but are not called."""
    path, victim = tmp_path / 'a.pt', tmp_path / 'victim'
    calls = {
        'save': Evil(torch.save, (1, str(victim))),
        'bytes': Evil(torch.storage._load_from_bytes, (b'x',)),
        'numpy': Evil(np.save, (str(victim), 1)),
    }
    torch.save({'w': torch.ones(1)} | calls, path)
    read = read_torch_file(path)
    assert all(isinstance(read[name], Placeholder) for name in calls)
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_cannot_change_our_functions(tmp_path):
    """A pickle can set attributes; our functions have none."""
    path = tmp_path / 'a.pt'
    raw = (
        b'\x80\x02}(X\x01\x00\x00\x00acargparse\nNamespace\n)\x81'
        b'X\x01\x00\x00\x00bctorch._utils\n_rebuild_parameter\n'
        b'N}X\x0c\x00\x00\x00__defaults__K\x01\x85s\x86bu.'
    )
    legacy_file(path, raw)
    with pytest.raises(InputError, match='damaged'):
        read_torch_file(path)
    assert torch_files._rebuild_parameter.__defaults__ is None


def legacy_file(path: Path, raw: bytes) -> None:
    """``torch.save``'s old format around a pickle without storages."""
    parts = [
        pickle.dumps(torch.serialization.MAGIC_NUMBER, 2),
        pickle.dumps(torch.serialization.PROTOCOL_VERSION, 2),
        pickle.dumps({'little_endian': True}, 2),
        raw,
        pickle.dumps([], 2),
    ]
    path.write_bytes(b''.join(parts))


@pytest.mark.filterwarnings('error')
def test_sources_in_a_file_are_not_compared(tmp_path, monkeypatch):
    """torch would compare a module's source, and may write a patch."""
    monkeypatch.chdir(tmp_path)
    torch.save(
        {'w': torch.ones(2), 'net': nn.Linear(1, 1)},
        'a.pt',
        _use_new_zipfile_serialization=False,
    )
    raw = Path('a.pt').read_bytes()
    assert b'class Linear' in raw  # the source is in the file
    Path('a.pt').write_bytes(raw.replace(b'class Linear', b'class LINEAR'))
    read = read_torch_file('a.pt')
    assert read['w'].tolist() == [1, 1]
    assert read['net'].stands_for == 'torch.nn.modules.linear.Linear'
    assert os.listdir() == ['a.pt']


def test_a_whole_pickled_network_is_named(tmp_path):
    path = tmp_path / 'a.pt'
    torch.save(nn.Linear(2, 2), path)
    with pytest.raises(InputError, match=r'class torch\.nn.*Linear.*state_di'):
        read_torch_file(path)


def test_archives_that_would_run_are_refused(tmp_path):
    path = tmp_path / 'a.pt'
    script = torch.jit.script(nn.Linear(2, 2))
    torch.jit.save(script, path)
    with pytest.raises(InputError, match='archive of TorchScript'):
        read_torch_file(path)
    # The format before torch 0.1.12, which torch unpacks on the disk.
    with tarfile.open(path, 'w') as archive:
        archive.add(__file__, 'storages')
    with pytest.raises(InputError, match='file: '):
        read_torch_file(path)


@pytest.mark.parametrize('zipped', [True, False], ids=['zip', 'legacy'])
@pytest.mark.parametrize('kept', [0, 1, 20, 300, -40])
def test_damaged_files(tmp_path, zipped, kept):
    path = tmp_path / 'a.pt'
    torch.save(content(), path, _use_new_zipfile_serialization=zipped)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(InputError, match=r'a\.pt: file: ') as caught:
        read_torch_file(path)
    assert '\n' not in str(caught.value)


def test_missing_file(tmp_path):
    with pytest.raises(InputError, match='does not exist'):
        read_torch_file(tmp_path / 'nowhere.pt')


def test_reading_imports_nothing_new(tmp_path):
    path = tmp_path / 'a.pt'
    raw = b'\x80\x02}(X\x01\x00\x00\x00xcno_such_package.sub\nThing\n)\x81'
    legacy_file(path, raw + b'X\x01\x00\x00\x00ycthis\ns\n)\x81u.')
    with pytest.raises(InputError, match=r'refused class this\.s'):
        read_torch_file(path)
    assert 'this' not in sys.modules
    legacy_file(path, raw + b'u.')
    assert read_torch_file(path)['x'].stands_for == 'no_such_package.sub.Thing'
