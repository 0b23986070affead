"""SMPL's pickles are read without running code of theirs."""

import os
import pickle
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse

from semtta_mm.checkpoints.smpl_pickles import read_smpl_pickle
from semtta_mm.utils import InputError


class Evil:
    def __init__(self, target: Path, function=os.system) -> None:
        self.target, self.function = target, function

    def __reduce__(self):
        return self.function, (f'touch {self.target}',)


@pytest.mark.parametrize('protocol', [0, 2, 4, 5])
def test_malicious_pickle_is_refused_without_running(
    tmp_path: Path, protocol: int
):
    path, mark = tmp_path / 'SMPL_NEUTRAL.pkl', tmp_path / 'ran'
    path.write_bytes(pickle.dumps({'f': Evil(mark)}, protocol=protocol))
    with pytest.raises(InputError, match=r'refused class (posix|nt)\.system'):
        read_smpl_pickle(path)
    assert not mark.exists()


@pytest.mark.parametrize(
    'name',
    [
        'builtins.eval',
        'builtins.getattr',
        'numpy.load',
        'numpy.testing.rundocs',
        'scipy.sparse.load_npz',
        'pickle.loads',
        'functools.partial',
    ],
)
def test_no_other_global_is_looked_up(tmp_path: Path, name: str):
    module, attribute = name.rsplit('.', 1)
    path = tmp_path / 'SMPL_NEUTRAL.pkl'
    path.write_bytes(f'c{module}\n{attribute}\n.'.encode())
    with pytest.raises(InputError, match=f'refused class {name}'):
        read_smpl_pickle(path)


def test_reconstructor_creates_our_classes_only(tmp_path: Path):
    path = tmp_path / 'x.pkl'
    path.write_bytes(
        b'ccopy_reg\n_reconstructor\n(cnumpy\nndarray\nc__builtin__\nobject\n'
        b'NtR.'
    )
    with pytest.raises(InputError, match='unexpected object'):
        read_smpl_pickle(path)


def test_pickle_that_is_not_a_dictionary(tmp_path: Path):
    path = tmp_path / 'x.pkl'
    path.write_bytes(pickle.dumps([1, 2]))
    with pytest.raises(InputError, match='not a dictionary'):
        read_smpl_pickle(path)


def test_objects_in_arrays_are_refused_by_field(tmp_path: Path):
    path = tmp_path / 'x.pkl'
    objects = np.array([None, [1]], dtype=object)
    path.write_bytes(pickle.dumps({'v_template': objects}, protocol=2))
    with pytest.raises(
        InputError, match='v_template: .*not a type of numbers'
    ):
        read_smpl_pickle(path)


@pytest.mark.parametrize('order', ['C', 'F'])
@pytest.mark.parametrize('kind', ['<f4', '>f8', '<i8', 'u2'])
def test_numbers_are_unchanged(tmp_path: Path, order: str, kind: str):
    path = tmp_path / 'x.pkl'
    array = np.arange(12).reshape(3, 4).astype(kind, order=order)
    content = {'a': array, 'b': np.float32(0.5), 'c': 'text', 'd': None}
    path.write_bytes(pickle.dumps(content, protocol=2))
    arrays = read_smpl_pickle(path)
    np.testing.assert_array_equal(arrays['a'], array)
    assert arrays['b'] == 0.5
    assert str(arrays['c']) == 'text'
    assert 'd' not in arrays


def test_sparse_matrices_become_dense(tmp_path: Path):
    rng = np.random.default_rng(0)
    dense = rng.random((5, 7)) * (rng.random((5, 7)) < 0.3)
    path = tmp_path / 'x.pkl'
    matrix = scipy.sparse.csc_matrix(dense)
    path.write_bytes(pickle.dumps({'x': matrix}, protocol=2))
    np.testing.assert_array_equal(read_smpl_pickle(path)['x'], dense)


@pytest.mark.parametrize(
    ('part', 'change'),
    [
        ('indices', lambda x: x + 10_000),
        ('indices', lambda x: x - 1),
        ('indices', lambda x: x[:-1]),
        ('indices', lambda x: x * 1.0),
        ('indptr', lambda x: x[:-1]),
        ('indptr', lambda x: x[::-1].copy()),
        ('indptr', lambda x: x + 1),
        ('indptr', lambda x: x * 2),
    ],
)
def test_broken_sparse_matrix_is_named(tmp_path: Path, part: str, change):
    matrix = scipy.sparse.csc_matrix(np.eye(24, 300))
    setattr(matrix, part, change(getattr(matrix, part)))
    path = tmp_path / 'x.pkl'
    path.write_bytes(pickle.dumps({'J_regressor': matrix}, protocol=2))
    with pytest.raises(InputError, match='J_regressor: cannot be read'):
        read_smpl_pickle(path)
