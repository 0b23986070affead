"""SMPLBody: parity of implementations, and properties of a body."""

from pathlib import Path

import numpy as np
import pytest
import roma
import torch

from semtta_mm.conventions import (
    SMPL_JOINTS,
    SMPL_PARENTS,
    keypoint_index,
    keypoint_names,
)
from semtta_mm.models import SMPLBody
from semtta_mm.models.bodies.loading import OPEN_BODY
from semtta_mm.registry import MODELS
from semtta_mm.structures import SMPLParams
from semtta_mm.utils import InputError

CLOSE = {'rtol': 0, 'atol': 1e-5}
"""m."""


@pytest.fixture(scope='module')
def open_body() -> SMPLBody:
    return SMPLBody()


@pytest.fixture
def official(tmp_path: Path) -> Path:
    """A file of SMPL's size and layout, random inside."""
    rng = np.random.default_rng(1)
    shipped = SMPLBody()
    path = tmp_path / 'SMPL_NEUTRAL.npz'
    np.savez(
        path,
        v_template=shipped.v_template.numpy(),
        shapedirs=rng.normal(size=(6890, 3, 10)) * 0.01,
        posedirs=rng.normal(size=(6890, 3, 207)) * 0.001,
        J_regressor=shipped.joint_regressor.numpy(),
        weights=shipped.weights.numpy(),
        kintree_table=[[2**32 - 1, *SMPL_PARENTS[1:]], list(range(24))],
        f=shipped.faces.numpy(),
    )
    return path


@pytest.mark.parametrize('batch', [1, 3])
def test_lbs_equals_smplx_on_the_open_body(open_body, make_params, batch):
    params = make_params(batch)
    ours = open_body(params)
    theirs = SMPLBody(backend='smplx')(params)
    torch.testing.assert_close(ours.vertices, theirs.vertices, **CLOSE)
    torch.testing.assert_close(ours.joints, theirs.joints, **CLOSE)


def test_lbs_equals_smplx_with_pose_blend_shapes(
    random_body_file, make_params, capsys
):
    params = make_params(3)
    ours = SMPLBody(random_body_file)(params)
    theirs = SMPLBody(random_body_file, backend='smplx')(params)
    torch.testing.assert_close(ours.vertices, theirs.vertices, **CLOSE)
    torch.testing.assert_close(ours.joints, theirs.joints, **CLOSE)
    assert capsys.readouterr().out == ''


def test_joints_only_equals_the_full_pass(random_body_file, make_params):
    body, params = SMPLBody(random_body_file), make_params(3)
    torch.testing.assert_close(body.joints_only(params), body(params).joints)
    still = make_params(3, transl=False)
    torch.testing.assert_close(body.joints_only(still), body(still).joints)


def test_folded_keypoints_equal_the_mesh(open_body, make_params):
    params, names = make_params(3), open_body.conventions
    full = open_body(params)
    folded = open_body(params, vertices=False, keypoints=names)
    assert folded.vertices is None
    assert set(folded.keypoints) == set(names)
    for name in names:
        expected = open_body.keypoints(full.vertices, full.joints, name)
        assert expected.shape == (3, len(keypoint_names(name)), 3)
        torch.testing.assert_close(folded.keypoints[name], expected, **CLOSE)


def test_folded_keypoints_include_pose_blend_shapes(
    random_body_file, make_params
):
    rng = np.random.default_rng(0)
    h36m = rng.random((17, 300))
    h36m /= h36m.sum(1, keepdims=True)
    body = SMPLBody(random_body_file, regressors={'h36m_17': h36m})
    params = make_params(3, transl=False)
    full = body(params)
    by_hand = torch.tensor(h36m).float() @ full.vertices
    folded = body(params, False, ('h36m_17', 'h36m_14')).keypoints
    torch.testing.assert_close(folded['h36m_17'], by_hand, **CLOSE)
    index = keypoint_index('h36m_17', keypoint_names('h36m_14'))
    torch.testing.assert_close(folded['h36m_14'], by_hand[:, index], **CLOSE)
    rigid = SMPLBody(random_body_file, regressors={'h36m_17': h36m})
    rigid.posedirs.zero_()
    assert (rigid(params).vertices - full.vertices).abs().max() > 1e-3


def test_smplx_backend_gives_the_same_keypoints(open_body, make_params):
    params = make_params(2)
    names = ('coco_23', 'cycleadapt_29')
    ours = open_body(params, False, names)
    theirs = SMPLBody(backend='smplx')(params, False, names)
    assert theirs.vertices is None
    for name in names:
        torch.testing.assert_close(
            ours.keypoints[name], theirs.keypoints[name], **CLOSE
        )


def test_root_rotation_turns_the_body_about_the_pelvis(open_body, make_params):
    params = make_params(3, transl=False)
    turn = roma.rotvec_to_rotmat(torch.tensor([0.3, -1.0, 2.0]))
    turned = SMPLParams(
        turn @ params.global_orient, params.body_pose, params.betas
    )
    before, after = open_body(params), open_body(turned)
    pelvis = before.joints[:, :1]
    torch.testing.assert_close(after.joints[:, :1], pelvis, **CLOSE)
    expected = (before.vertices - pelvis) @ turn.T + pelvis
    torch.testing.assert_close(after.vertices, expected, **CLOSE)


def test_translation_moves_everything(open_body, make_params):
    params = make_params(2)
    still = SMPLParams(params.global_orient, params.body_pose, params.betas)
    shift = params.transl[:, None]
    moved, kept = open_body(params), open_body(still)
    torch.testing.assert_close(moved.vertices, kept.vertices + shift)
    torch.testing.assert_close(moved.joints, kept.joints + shift)
    torch.testing.assert_close(
        moved.keypoints['smpl_24'], kept.keypoints['smpl_24'] + shift
    )


@pytest.mark.parametrize('vertices', [True, False])
def test_gradients_reach_pose_and_shape(open_body, make_params, vertices):
    start = make_params(3)
    pose = start.pose.clone().requires_grad_()
    betas = start.betas.clone().requires_grad_()
    params = SMPLParams.from_pose(pose, betas)
    out = open_body(params, vertices, ('blazepose_33',))
    total = out.keypoints['blazepose_33'].square().sum()
    if vertices:
        total = total + out.vertices.square().sum()
    total.backward()
    # Eyes, mouth, knuckles and toes hang on every joint but the hands.
    moved = pose.grad.flatten(2).norm(dim=-1)
    used = [j for j, n in enumerate(SMPL_JOINTS) if not n.endswith('_hand')]
    assert (moved[:, used] > 0).all()
    assert (betas.grad.abs() > 0).all()
    assert torch.isfinite(moved).all()
    assert torch.isfinite(betas.grad).all()


@pytest.mark.parametrize('backend', ['lbs', 'smplx'])
def test_a_body_is_not_part_of_a_checkpoint(random_body_file, backend):
    body = SMPLBody(random_body_file, backend=backend)
    assert not body.state_dict()
    assert not list(body.parameters())
    assert body.double().v_template.dtype == torch.float64


def test_double_precision(random_body_file, make_params):
    params = make_params(2)
    single = SMPLBody(random_body_file)(params)
    double = SMPLBody(random_body_file).double()(params.to(torch.float64))
    torch.testing.assert_close(
        double.vertices.float(), single.vertices, **CLOSE
    )


def test_built_from_config():
    body = MODELS.build({'type': 'SMPLBody', 'gender': 'female'})
    assert body.num_vertices == 6890
    with pytest.raises(ValueError, match="backend: 'lbs' or 'smplx'"):
        SMPLBody(backend='torch')


def test_official_smpl_uses_joints_and_the_usual_vertices(
    official, make_params
):
    body, params = SMPLBody(official), make_params(2, transl=False)
    out = body(params, keypoints=('coco_17', 'cycleadapt_29', 'openpose_25'))
    nose = out.vertices[:, 331]
    for name in ('coco_17', 'openpose_25'):
        torch.testing.assert_close(out.keypoints[name][:, 0], nose, **CLOSE)
    face = out.keypoints['cycleadapt_29'][:, 24:]
    torch.testing.assert_close(
        face, out.vertices[:, [331, 2802, 6262, 3489, 3990]], **CLOSE
    )
    limb = keypoint_index('coco_17', ['left_shoulder', 'right_knee'])
    joint = [SMPL_JOINTS.index(n) for n in ('left_shoulder', 'right_knee')]
    torch.testing.assert_close(
        out.keypoints['coco_17'][:, limb], out.joints[:, joint]
    )
    neck = keypoint_index('openpose_25', ['neck'])
    middle = out.joints[:, [16, 17]].mean(1, keepdim=True)
    torch.testing.assert_close(
        out.keypoints['openpose_25'][:, neck], middle, **CLOSE
    )


def test_conventions_that_official_smpl_lacks_are_an_error(
    official, make_params, tmp_path
):
    body = SMPLBody(official)
    assert {'h36m_17', 'blazepose_33'}.isdisjoint(body.conventions)
    for name in ('h36m_17', 'blazepose_33', 'nonsense'):
        with pytest.raises(ValueError, match=f"does not support '{name}'"):
            body(make_params(1), keypoints=(name,))
    path = tmp_path / 'J_regressor_h36m.npy'
    np.save(path, np.full((17, 6890), 1 / 6890))
    body = SMPLBody(official, regressors={'h36m_17': str(path)})
    assert {'h36m_17', 'h36m_14', 'mpi_inf_3dhp_17'} <= set(body.conventions)
    params = make_params(1, transl=False)
    out = body(params, keypoints=('h36m_17',))
    centre = out.vertices.mean(1, keepdim=True).expand(-1, 17, -1)
    torch.testing.assert_close(out.keypoints['h36m_17'], centre, **CLOSE)


def test_a_body_of_another_size_gives_joints_only(random_body_file):
    body = SMPLBody(random_body_file)
    assert body.conventions == ('smpl_24', 'limbs_12')


def test_an_open_body_without_regressors_is_an_error(tmp_path):
    target = tmp_path / 'SMPL_NEUTRAL.npz'
    target.write_bytes((OPEN_BODY / 'SMPL_NEUTRAL.npz').read_bytes())
    with pytest.raises(InputError, match='regressors.npz: file: does not'):
        SMPLBody(target)
    again = SMPLBody(target, regressors=OPEN_BODY / 'regressors.npz')
    assert 'h36m_17' in again.conventions
