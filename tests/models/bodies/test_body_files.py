"""Finding and reading body files, and errors of bad ones."""

import io
import pickle
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse

from semtta_mm.models.bodies import SMPLBody
from semtta_mm.models.bodies.loading import (
    OPEN_BODY,
    find_body_file,
    load_body,
)
from semtta_mm.utils import InputError


@pytest.fixture
def fake_chumpy(monkeypatch):
    """Stand-ins of chumpy's classes, there only while a pickle is made."""
    package, module = types.ModuleType('chumpy'), types.ModuleType('chumpy.ch')
    for name in ('Ch', 'Select'):
        kind = type(name, (), {'__module__': 'chumpy.ch'})
        setattr(module, name, kind)
    monkeypatch.setitem(sys.modules, 'chumpy', package)
    monkeypatch.setitem(sys.modules, 'chumpy.ch', module)
    return module


def chumpy_pickle(arrays: dict, fake_chumpy, protocol: int) -> bytes:
    """A file like the SMPL web site's."""
    content: dict = dict(arrays)
    for name in ('v_template', 'posedirs'):
        value = fake_chumpy.Ch()
        value.__dict__ = {'x': arrays[name], '_dirty_vars': {'x'}, '_itr': 0}
        content[name] = value
    picked = fake_chumpy.Select()
    base = fake_chumpy.Ch()
    base.x = np.append(arrays['shapedirs'].ravel(), 7.0)
    picked.a, picked.idxs = base, np.arange(arrays['shapedirs'].size)
    picked.preferred_shape = arrays['shapedirs'].shape
    content['shapedirs'] = picked
    content['J_regressor'] = scipy.sparse.csc_matrix(arrays['J_regressor'])
    content['bs_type'] = 'lrotmin'
    content['vert_sym_idxs'] = np.arange(3)
    return pickle.dumps(content, protocol=protocol)


@pytest.mark.parametrize('protocol', [0, 2, 4, 5])
def test_official_pickle_is_read_without_chumpy(
    tmp_path: Path, arrays, fake_chumpy, monkeypatch, protocol: int
):
    path = tmp_path / 'basicmodel_m_lbs_10_207_0_v1.1.0.pkl'
    path.write_bytes(chumpy_pickle(arrays, fake_chumpy, protocol))
    for name in ('chumpy', 'chumpy.ch'):
        monkeypatch.delitem(sys.modules, name)
    body = load_body(find_body_file(tmp_path, 'male'))
    np.testing.assert_array_equal(body.v_template, arrays['v_template'])
    np.testing.assert_array_equal(body.shapedirs, arrays['shapedirs'])
    np.testing.assert_array_equal(body.posedirs, arrays['posedirs'])
    np.testing.assert_array_equal(body.joint_regressor, arrays['J_regressor'])
    assert 'chumpy' not in sys.modules


def python2_names(data: bytes) -> bytes:
    """Protocol 2 from Python 3, with the module names of Python 2's files."""
    return data.replace(b'cscipy.sparse._csc\n', b'cscipy.sparse.csc\n')


def test_python2_pickle_is_read(tmp_path: Path, arrays, fake_chumpy):
    path = tmp_path / 'basicModel_neutral_lbs_10_207_0_v1.0.0.pkl'
    data = python2_names(chumpy_pickle(arrays, fake_chumpy, 2))
    assert b'scipy.sparse.csc\n' in data
    assert b'copy_reg' in chumpy_pickle(arrays, fake_chumpy, 0)
    path.write_bytes(data)
    body = load_body(find_body_file(tmp_path, 'neutral'))
    np.testing.assert_array_equal(body.joint_regressor, arrays['J_regressor'])


@pytest.mark.parametrize('suffix', ['npz', 'pkl'])
def test_truncated_and_missing_files(tmp_path: Path, arrays, suffix: str):
    path = tmp_path / f'SMPL_NEUTRAL.{suffix}'
    buffer = io.BytesIO()
    if suffix == 'npz':
        np.savez(buffer, **arrays)
    else:
        pickle.dump(arrays, buffer, protocol=2)
    data = buffer.getvalue()
    for size in (len(data) // 2, 10, 0):
        path.write_bytes(data[:size])
        with pytest.raises(InputError, match=f'{path.name}: .*cannot be read'):
            load_body(path)
    path.unlink()
    with pytest.raises(InputError, match='does not exist'):
        load_body(path)


@pytest.mark.parametrize(
    ('field', 'value', 'problem'),
    [
        ('v_template', np.zeros((300, 2)), r'expected \[300, 3\]'),
        ('weights', np.zeros((299, 24)), r'expected \[300, 24\], got \[299'),
        ('J_regressor', np.zeros((23, 300)), r'expected \[24, 300\]'),
        ('posedirs', np.zeros((300, 3, 200)), r'expected \[300, 3, 207\]'),
        ('shapedirs', np.zeros((300, 3, 4)), '10 or more'),
        ('f', np.zeros((5, 4), int), r'expected \[F, 3\]'),
        ('f', np.full((5, 3), 300), 'has indices beyond 300 vertices'),
        ('v_template', np.full((300, 3), np.nan), 'NaN'),
        ('weights', np.full((300, 24), 'a'), 'no numbers'),
        ('kintree_table', np.zeros((2, 24), int), "not SMPL's skeleton"),
    ],
)
def test_wrong_fields_are_named(
    tmp_path: Path, arrays, field: str, value, problem: str
):
    path = tmp_path / 'SMPL_NEUTRAL.npz'
    np.savez(path, **{**arrays, field: value})
    with pytest.raises(
        InputError, match=f'{field}: .*{problem}.*Fix:'
    ) as info:
        load_body(path)
    assert '\n' not in str(info.value)


@pytest.mark.parametrize('field', ['v_template', 'weights', 'kintree_table'])
def test_absent_fields_are_named(tmp_path: Path, arrays, field: str):
    path = tmp_path / 'SMPL_NEUTRAL.npz'
    np.savez(path, **{k: v for k, v in arrays.items() if k != field})
    with pytest.raises(InputError, match=f'{field}: is absent'):
        load_body(path)


@pytest.mark.parametrize(
    ('gender', 'name'),
    [
        ('neutral', 'SMPL_NEUTRAL.npz'),
        ('male', 'SMPL_MALE.pkl'),
        ('female', 'basicModel_f_lbs_10_207_0_v1.0.0.pkl'),
        ('male', 'basicmodel_m_lbs_10_207_0_v1.1.0.pkl'),
        ('neutral', 'basicModel_neutral_lbs_10_207_0_v1.0.0.pkl'),
        ('female', 'smpl/SMPL_FEMALE.pkl'),
    ],
)
def test_names_that_are_found(tmp_path: Path, gender: str, name: str):
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.touch()
    assert find_body_file(tmp_path, gender) == path


def test_folder_by_environment_variable(tmp_path: Path, monkeypatch):
    (tmp_path / 'SMPL_NEUTRAL.npz').touch()
    monkeypatch.setenv('SMPL_MODEL_DIR', str(tmp_path))
    found = find_body_file('$SMPL_MODEL_DIR', 'neutral')
    assert found == tmp_path / 'SMPL_NEUTRAL.npz'
    monkeypatch.delenv('SMPL_MODEL_DIR')
    with pytest.raises(InputError, match='not set'):
        find_body_file('$SMPL_MODEL_DIR', 'neutral')


def test_errors_of_missing_files(tmp_path: Path):
    (tmp_path / 'SMPL_MALE.npz').touch()
    with pytest.raises(InputError, match='has no female SMPL file'):
        find_body_file(tmp_path, 'female')
    with pytest.raises(InputError, match='model_path: does not exist'):
        find_body_file(tmp_path / 'nowhere', 'male')
    with pytest.raises(InputError, match="gender: 'other' is unknown"):
        find_body_file(None, 'other')
    assert find_body_file(None, 'male').parent == OPEN_BODY


@pytest.mark.parametrize(
    ('value', 'problem'),
    [
        (np.ones((16, 300)) / 300, r'h36m_17: expected \[17, 300\]'),
        (np.full((17, 300), np.nan), 'h36m_17: contains NaN'),
        (np.ones((17, 300)), 'h36m_17: rows must sum to one'),
        ('missing.npy', 'missing.npy: file: does not exist'),
    ],
)
def test_bad_regressors_are_named(random_body_file: Path, value, problem: str):
    with pytest.raises(InputError, match=problem):
        SMPLBody(random_body_file, regressors={'h36m_17': value})


def test_unsupported_and_truncated_regressor(random_body_file: Path):
    with pytest.raises(InputError, match='blazepose_33: is not supported'):
        SMPLBody(random_body_file, regressors={'blazepose_33': np.zeros(1)})
    path = random_body_file.with_name('h36m.npy')
    np.save(path, np.zeros((17, 300)))
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(InputError, match='h36m.npy: file: cannot be read'):
        SMPLBody(random_body_file, regressors={'h36m_17': path})
