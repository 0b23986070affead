"""``semtta prepare-smpl`` on files laid out like the licensed ones."""

import pickle
import sys
import types
from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
from mmengine.config import Config

from semtta_mm.commands.main import main as semtta
from semtta_mm.commands.prepare_smpl import main
from semtta_mm.conventions import SMPL_JOINTS, SMPL_PARENTS, keypoint_names
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.models.bodies.loading import OPEN_BODY, load_body

CONFIGS = Path(__file__).parents[2] / 'configs'
H36M = keypoint_names('h36m_17')
VERTICES = 6890
NEAR = {
    'h36m_pelvis': 'pelvis',
    'h36m_spine': 'spine_2',
    'h36m_neck': 'neck',
    'h36m_nose': 'head',
    'head_top': 'head',
}


@pytest.fixture(scope='module')
def joints() -> np.ndarray:
    body = load_body(OPEN_BODY / 'SMPL_NEUTRAL.npz')
    return body.joint_regressor @ body.v_template


@pytest.fixture(scope='module')
def arrays(joints) -> dict[str, np.ndarray]:
    """A cloud of SMPL's size around the joints of a standing body."""
    rng = np.random.default_rng(0)
    nearest = np.arange(VERTICES) % 24
    vertices = joints[nearest] + rng.normal(size=(VERTICES, 3)) * 0.02
    member = np.eye(24)[nearest]
    parents = np.array(SMPL_PARENTS, np.int64) % 2**32
    return {
        'v_template': vertices,
        'shapedirs': rng.normal(size=(VERTICES, 3, 10)) * 0.01,
        'posedirs': np.zeros((VERTICES, 3, 207)),
        'J_regressor': (member / member.sum(0)).T,
        'weights': member,
        'kintree_table': np.array([parents, range(24)], np.uint32),
        'f': rng.integers(0, VERTICES, (13776, 3)).astype(np.uint32),
    }


@pytest.fixture
def h36m(arrays) -> np.ndarray:
    """Human3.6M's joints, the right leg first."""
    rows = {
        name: arrays['J_regressor'][SMPL_JOINTS.index(NEAR.get(name, name))]
        for name in H36M
    }
    return np.stack([rows[name] for name in H36M])


def chumpy_file(path: Path, arrays, monkeypatch) -> None:
    """A pickle with chumpy's objects, written while a fake chumpy is there."""
    module = types.ModuleType('chumpy.ch')
    kind = type('Ch', (), {'__module__': 'chumpy.ch'})
    module.Ch = kind
    content = dict(arrays)
    content['J_regressor'] = scipy.sparse.csc_matrix(arrays['J_regressor'])
    for name in ('v_template', 'shapedirs', 'posedirs'):
        content[name] = kind()
        content[name].x = arrays[name]
    path.parent.mkdir(parents=True, exist_ok=True)
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, 'chumpy', types.ModuleType('chumpy'))
        patch.setitem(sys.modules, 'chumpy.ch', module)
        path.write_bytes(pickle.dumps(content, protocol=2))


def npz(path: Path, arrays, **changed) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **{**arrays, **changed})
    return path


def test_both_names_become_npz(tmp_path, arrays, h36m, monkeypatch, capsys):
    downloads = tmp_path / 'downloads'
    old = 'code/models/basicModel_neutral_lbs_10_207_0_v1.0.0.pkl'
    chumpy_file(downloads / old, arrays, monkeypatch)
    chumpy_file(downloads / 'SMPL_MALE.pkl', arrays, monkeypatch)
    np.save(downloads / 'J_regressor_h36m.npy', h36m)
    extra = np.eye(9, VERTICES)
    np.save(downloads / 'J_regressor_extra.npy', extra)
    (downloads / 'readme.txt').touch()
    out = tmp_path / 'models'
    assert semtta(['prepare-smpl', str(downloads), '--out', str(out)]) == 0
    printed = ' '.join(capsys.readouterr().out.split())
    assert 'not among them: female' in printed
    assert 'export SMPL_MODEL_DIR=' in printed
    assert 'chumpy' not in sys.modules
    assert sorted(p.name for p in out.rglob('*.np?')) == [
        'J_regressor_extra.npy',
        'J_regressor_h36m.npy',
        'SMPL_MALE.npz',
        'SMPL_NEUTRAL.npz',
    ]
    with np.load(out / 'smpl/SMPL_NEUTRAL.npz', allow_pickle=False) as file:
        for name, array in arrays.items():
            np.testing.assert_array_equal(file[name], array)
    np.testing.assert_array_equal(np.load(out / 'J_regressor_h36m.npy'), h36m)
    monkeypatch.setenv('SMPL_MODEL_DIR', str(out))
    cfg = Config.fromfile(CONFIGS / '_base_/bodies/smpl.py')
    assert cfg.body.regressors.h36m_17 == f'{out}/J_regressor_h36m.npy'
    cfg.body.pop('type')
    assert 'h36m_14' in SMPLBody(**cfg.body).conventions


def test_without_the_variable_configs_look_in_data(monkeypatch):
    monkeypatch.delenv('SMPL_MODEL_DIR', raising=False)
    cfg = Config.fromfile(CONFIGS / '_base_/datasets/3dpw.py')
    assert cfg.reference_bodies.male.model_path == 'data/body_models'


def test_the_variable_is_where_files_go(tmp_path, arrays, monkeypatch):
    path = npz(tmp_path / 'SMPL_FEMALE.npz', arrays)
    monkeypatch.setenv('SMPL_MODEL_DIR', str(tmp_path / 'lab'))
    assert main([str(path)]) == 0
    assert (tmp_path / 'lab/smpl/SMPL_FEMALE.npz').is_file()


def test_the_left_leg_first_is_sorted(tmp_path, arrays, h36m, joints, capsys):
    """SPIN's regressor: rows 1 to 3 are the left leg."""
    path = npz(tmp_path / 'a/SMPL_NEUTRAL.npz', arrays)
    spin = h36m[[0, 4, 5, 6, 1, 2, 3, *range(7, 17)]]
    np.save(tmp_path / 'a/J_regressor_h36m.npy', spin)
    assert main([str(tmp_path / 'a'), '--out', str(tmp_path / 'b')]) == 0
    assert 'left leg first' in capsys.readouterr().out
    np.testing.assert_array_equal(
        np.load(tmp_path / 'b/J_regressor_h36m.npy'), h36m
    )
    # The original is sorted when a body reads it, too.
    for matrix in (spin, h36m):
        body = SMPLBody(path, regressors={'h36m_17': matrix})
        points = body.keypoints(
            body.v_template[None], body.v_template[None, :24], 'h36m_17'
        )
        knee = points[0, H36M.index('left_knee')].numpy()
        np.testing.assert_allclose(
            knee, joints[SMPL_JOINTS.index('left_knee')], atol=0.01
        )


@pytest.mark.parametrize(
    ('field', 'change', 'problem'),
    [
        ('v_template', lambda a: a * 100, 'SMPL 1.4 to 2.2 metres'),
        ('v_template', lambda a: a * [1, -1, 1], 'head below the ankles'),
        ('f', lambda a: a[:-1], '13775 faces'),
        ('weights', lambda a: a * 1.1, 'sum to one, off by 0.1'),
        ('J_regressor', lambda a: a * 0.9, 'sum to one, off by 0.1'),
        ('kintree_table', lambda a: a[:, ::-1], "not SMPL's skeleton"),
        ('posedirs', lambda a: a[..., :200], '207'),
    ],
)
def test_files_that_are_not_smpl_are_rejected(
    tmp_path, arrays, capsys, field, change, problem
):
    changed = {field: change(arrays[field])}
    path = npz(tmp_path / 'SMPL_NEUTRAL.npz', arrays, **changed)
    assert main([str(path), '--out', str(tmp_path / 'out')]) == 2
    printed = capsys.readouterr().err
    assert f'{field}: ' in printed and problem in printed
    assert not (tmp_path / 'out').exists()


def test_the_open_body_is_refused(tmp_path, capsys):
    source = str(OPEN_BODY / 'SMPL_NEUTRAL.npz')
    assert main([source, '--out', str(tmp_path / 'out')]) == 2
    assert 'topology: is semtta_open_body' in capsys.readouterr().err


@pytest.mark.parametrize(
    ('name', 'change', 'problem'),
    [
        ('J_regressor_h36m.npy', lambda a: a[:14], r'expected [17, 6890]'),
        ('J_regressor_h36m.npy', lambda a: a[:, :100], r'got [17, 100]'),
        ('J_regressor_h36m.npy', lambda a: a * 2, 'sum to one'),
        ('J_regressor_h36m.npy', lambda a: a * np.nan, 'NaN'),
        ('J_regressor_h36m.npy', lambda a: a[::-1], 'left_knee'),
        ('J_regressor_extra.npy', lambda a: a, 'expected [9, 6890]'),
    ],
)
def test_bad_regressors_are_named(
    tmp_path, arrays, h36m, capsys, name, change, problem
):
    npz(tmp_path / 'SMPL_NEUTRAL.npz', arrays)
    np.save(tmp_path / name, change(h36m))
    assert main([str(tmp_path), '--out', str(tmp_path / 'out')]) == 2
    printed = capsys.readouterr().err
    assert name in printed and problem in printed
    assert not (tmp_path / 'out').exists()


def test_nothing_is_overwritten_unasked(tmp_path, arrays, capsys):
    path = npz(tmp_path / 'SMPL_NEUTRAL.npz', arrays)
    out = ['--out', str(tmp_path / 'out')]
    assert main([str(path), *out]) == 0
    assert main([str(path), *out]) == 2
    assert 'SMPL_NEUTRAL.npz' in capsys.readouterr().err
    assert main([str(path), *out, '--force']) == 0


def test_missing_files_are_named(tmp_path, capsys):
    assert main([str(tmp_path / 'no')]) == 2
    assert main([str(tmp_path)]) == 2
    (tmp_path / 'model.pkl').touch()
    assert main([str(tmp_path / 'model.pkl')]) == 2
    printed = capsys.readouterr().err
    assert 'does not exist' in printed
    assert 'contain no SMPL file' in printed
    assert 'has a name that is not recognised' in printed


def test_two_regressors_of_one_name(tmp_path, arrays, h36m, capsys):
    npz(tmp_path / 'SMPL_NEUTRAL.npz', arrays)
    for name in ('J_regressor_h36m.npy', 'J_regressor_h36m_correct.npy'):
        np.save(tmp_path / name, h36m)
    assert main([str(tmp_path), '--out', str(tmp_path / 'out')]) == 2
    assert 'become J_regressor_h36m.npy' in capsys.readouterr().err
