import numpy as np
import pytest

from semtta_mm.utils import InputError, read_npz


def test_reads_every_array(tmp_path):
    path = tmp_path / 'a.npz'
    np.savez(path, x=np.arange(3), y=np.array('text'))
    data = read_npz(path, 'fix', required=['x'])
    assert data['x'].tolist() == [0, 1, 2]
    assert str(data['y']) == 'text'


def make_missing(path):
    del path


def make_truncated(path):
    np.savez_compressed(path, x=np.random.default_rng(0).random(1000))
    path.write_bytes(path.read_bytes()[:-2000])


def make_damaged(path):
    """The directory is whole, the bytes of x are not."""
    np.savez_compressed(path, x=np.random.default_rng(0).random(1000))
    raw = bytearray(path.read_bytes())
    raw[500:600] = bytes(100)
    path.write_bytes(raw)


def make_text(path):
    path.write_text('no npz')


def make_npy(path):
    with path.open('wb') as file:
        np.save(file, np.zeros(3))


def make_pickle(path):
    np.savez(path, x=np.array([{'a': 1}], dtype=object))


def make_other(path):
    np.savez(path, y=np.zeros(3))


@pytest.mark.parametrize(
    ('make', 'field', 'problem'),
    [
        (make_missing, 'file', 'does not exist'),
        (make_truncated, 'file', 'cannot be read'),
        (make_damaged, 'x', 'cannot be read'),
        (make_text, 'file', 'cannot be read'),
        (make_npy, 'file', 'single array'),
        (make_pickle, 'x', 'cannot be read'),
        (make_other, 'x', 'is absent'),
    ],
)
def test_bad_files(tmp_path, make, field, problem):
    path = tmp_path / 'a.npz'
    make(path)
    with pytest.raises(InputError) as caught:
        read_npz(path, 'write it again', required=['x'])
    assert caught.value.field == field
    assert problem in caught.value.problem
    message = str(caught.value)
    assert str(path) in message
    assert message.endswith('Fix: write it again')
    assert '\n' not in message
