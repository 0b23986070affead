import os
import zipfile
from collections import OrderedDict

import numpy as np
import pytest

from semtta_mm.checkpoints.plain_data import read_plain_npz
from semtta_mm.utils import InputError


def test_plain_data_is_read(tmp_path):
    value = {
        'array': np.arange(6.0).reshape(2, 3),
        'fortran': np.asfortranarray(np.arange(6).reshape(2, 3)),
        'names': np.array(['male', 'female']),
        'number': np.float32(2.5),
        'nested': OrderedDict(a=[1, 'x', None, (True, b'\xff')]),
    }
    path = tmp_path / 'a.npz'
    np.savez_compressed(
        path,
        value=value,
        plain=np.asfortranarray(np.arange(6).reshape(2, 3)),
        rows=np.array([{'k': 1}, {'k': 2}], dtype=object),
        text='abc',
        flag=True,
        empty=np.zeros((0, 3)),
    )
    data = read_plain_npz(path, 'fix')
    for key in ('array', 'fortran', 'names', 'number'):
        np.testing.assert_array_equal(data['value'][key], value[key])
    assert data['value']['nested'] == value['nested']
    np.testing.assert_array_equal(data['plain'], [[0, 1, 2], [3, 4, 5]])
    assert [row['k'] for row in data['rows']] == [1, 2]
    assert str(data['text']) == 'abc'
    assert bool(data['flag']) is True
    assert data['empty'].shape == (0, 3)


class Evil:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (str(self.path),)


def test_code_is_never_run(tmp_path):
    target = tmp_path / 'made'
    path = tmp_path / 'a.npz'
    np.savez(path, x=np.arange(3), meta=np.array({'e': Evil(target)}))
    with pytest.raises(InputError, match=r'refused class \w+\.mkdir') as error:
        read_plain_npz(path, 'fix')
    assert error.value.field == 'meta'
    assert not target.exists()
    np.load(path, allow_pickle=True)['meta']
    assert target.exists()  # numpy itself would have run it


def test_broken_files(tmp_path):
    path = tmp_path / 'a.npz'
    with pytest.raises(InputError, match='does not exist'):
        read_plain_npz(path, 'fix')
    path.write_text('no zip')
    with pytest.raises(InputError, match='cannot be read'):
        read_plain_npz(path, 'fix')
    np.savez(path, x=np.random.default_rng(0).random(500))
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises(InputError, match='cannot be read'):
        read_plain_npz(path, 'fix')
    with zipfile.ZipFile(path, 'w') as archive:
        archive.writestr('x.npy', b'no array')
    with pytest.raises(InputError, match='magic') as error:
        read_plain_npz(path, 'fix')
    assert error.value.field == 'x'
