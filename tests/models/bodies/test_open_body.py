"""The body that ships: mesh, symmetry, sizes and regressors."""

import hashlib
import json

import numpy as np
import pytest
import torch

from semtta_mm.conventions import (
    SMPL_JOINTS,
    flip_index,
    keypoint_index,
    keypoint_names,
)
from semtta_mm.models import SMPLBody
from semtta_mm.models.bodies.loading import OPEN_BODY, load_body
from semtta_mm.structures import SMPLParams
from semtta_mm.synthetic.open_body.poses import random_poses

MIRROR = torch.tensor([-1.0, 1, 1])


@pytest.fixture(scope='module')
def body() -> SMPLBody:
    return SMPLBody()


@pytest.fixture(scope='module')
def regressors() -> dict[str, np.ndarray]:
    with np.load(OPEN_BODY / 'regressors.npz', allow_pickle=False) as data:
        return dict(data)


def t_pose(betas: torch.Tensor) -> SMPLParams:
    identity = torch.eye(3).expand(len(betas), 24, 3, 3)
    return SMPLParams.from_pose(identity, betas)


def natural(number: int) -> SMPLParams:
    rng = np.random.default_rng(7)
    pose = torch.from_numpy(random_poses(number, rng, heading=True)).float()
    betas = torch.from_numpy(rng.normal(size=(number, 10))).float()
    return SMPLParams.from_pose(pose, betas)


def place(out, convention: str, *names: str) -> torch.Tensor:
    index = keypoint_index(convention, names)
    return out.keypoints[convention][0, index]


def test_files_have_the_hashes_of_the_manifest():
    manifest = json.loads((OPEN_BODY / 'manifest.json').read_text())
    files = {p.name for p in OPEN_BODY.glob('*.npz')}
    assert files == set(manifest['files'])
    for name, entry in manifest['files'].items():
        data = (OPEN_BODY / name).read_bytes()
        assert len(data) == entry['bytes']
        assert hashlib.sha256(data).hexdigest() == entry['sha256']


@pytest.mark.parametrize('gender', ['NEUTRAL', 'MALE', 'FEMALE'])
def test_mesh_is_closed_and_skinned(gender: str):
    file = load_body(OPEN_BODY / f'SMPL_{gender}.npz')
    assert file.v_template.shape == (6890, 3)
    assert file.posedirs is None
    f = file.faces
    edges = np.concatenate([f[:, [0, 1]], f[:, [1, 2]], f[:, [2, 0]]])
    forward = {tuple(e) for e in edges.tolist()}
    assert len(forward) == len(edges)
    assert forward == {(b, a) for a, b in forward}
    assert set(np.unique(f)) == set(range(6890))
    assert (file.weights >= 0).all()
    np.testing.assert_allclose(file.weights.sum(1), 1, atol=1e-6)


def test_faces_point_outwards(body: SMPLBody):
    """Faces wind so that the enclosed volume is positive, and human."""
    triangles = body.v_template[body.faces]
    a, b, c = triangles.unbind(1)
    volume = (a * torch.linalg.cross(b, c)).sum() / 6
    assert 0.05 < volume < 0.1


def test_regressors_are_convex(regressors, body: SMPLBody):
    rows = [regressors[k] for k in ('h36m_17', 'coco_23', 'extra')]
    for matrix in (*rows, body.joint_regressor.numpy()):
        assert (matrix >= 0).all()
        np.testing.assert_allclose(matrix.sum(1), 1, atol=1e-5)


def test_mirror_swaps_the_sides(regressors, body: SMPLBody):
    mirror = regressors['mirror']
    np.testing.assert_array_equal(mirror[mirror], np.arange(6890))
    v, w = body.v_template, body.weights
    torch.testing.assert_close(v[mirror] * MIRROR, v, rtol=0, atol=1e-6)
    swap = flip_index('smpl_24')
    torch.testing.assert_close(w[mirror][:, swap], w)
    names = regressors['vertex_names'].tolist()
    ids = dict(zip(names, regressors['vertex_ids'].tolist(), strict=True))
    for name, vertex in ids.items():
        if name.startswith('left_'):
            assert v[vertex, 0] > 0
            assert ids[name.replace('left', 'right')] == mirror[vertex]


def test_a_mirrored_pose_gives_the_mirrored_body(body: SMPLBody):
    params = natural(3)
    swap, flip = flip_index('smpl_24'), torch.diag(MIRROR)
    mirrored = SMPLParams.from_pose(
        flip @ params.pose[:, swap] @ flip, params.betas
    )
    a = body(params, False, body.conventions).keypoints
    b = body(mirrored, False, body.conventions).keypoints
    for name in body.conventions:
        torch.testing.assert_close(
            b[name], a[name][:, flip_index(name)] * MIRROR, rtol=0, atol=1e-5
        )


@pytest.mark.parametrize('gender', ['neutral', 'male', 'female'])
def test_left_is_left_and_up_is_up(gender: str):
    model = SMPLBody(gender=gender)
    betas = torch.randn(3, 10, generator=torch.Generator().manual_seed(0))
    out = model(t_pose(betas), keypoints=model.conventions)
    for convention, points in out.keypoints.items():
        for k, name in enumerate(keypoint_names(convention)):
            if name.startswith('left_'):
                assert (points[:, k, 0] > 0.005).all(), (convention, name)
            elif not name.startswith('right_'):
                assert (points[:, k, 0].abs() < 1e-4).all(), name
    y = out.keypoints['h36m_17'][..., 1]
    order = ('right_ankle', 'right_knee', 'h36m_pelvis', 'h36m_spine')
    order += ('h36m_neck', 'h36m_nose', 'head_top')
    heights = y[:, keypoint_index('h36m_17', order)]
    assert (heights.diff(dim=1) > 0.05).all()
    assert (y[:, 10] > out.vertices[..., 1].amax(1) - 0.01).all()


def test_face_and_feet_point_forward(body: SMPLBody):
    out = body(t_pose(torch.zeros(1, 10)), keypoints=body.conventions)
    nose, ear = place(out, 'coco_23', 'nose', 'left_ear')
    toe, small, heel = place(
        out, 'coco_23', 'left_big_toe', 'left_small_toe', 'left_heel'
    )
    assert nose[2] > ear[2] + 0.05
    assert toe[2] > small[2] > heel[2] + 0.15
    assert toe[0] < small[0]
    inner, middle, outer = place(
        out, 'blazepose_33', 'left_eye_inner', 'left_eye', 'left_eye_outer'
    )
    assert inner[0] < middle[0] < outer[0]
    wrist, thumb, index, pinky = place(
        out, 'blazepose_33',
        'left_wrist', 'left_thumb_2', 'left_index_1', 'left_pinky_1',
    )  # fmt: skip
    # Palms down, thumbs forward, as in SMPL's T-pose.
    assert thumb[2] > index[2] > pinky[2]
    assert min(thumb[0], index[0], pinky[0]) > wrist[0]


def test_names_are_those_of_the_documentation(body: SMPLBody):
    out = body(natural(4), keypoints=body.conventions)
    h36m = out.keypoints['h36m_17']
    hips = h36m[:, keypoint_index('h36m_17', ['left_hip', 'right_hip'])]
    torch.testing.assert_close(h36m[:, 0], hips.mean(1), rtol=0, atol=1e-6)
    coco, openpose = out.keypoints['coco_23'], out.keypoints['openpose_25']
    for middle, sides in (('neck', 'shoulder'), ('pelvis', 'hip')):
        both = keypoint_index('coco_23', [f'left_{sides}', f'right_{sides}'])
        (k,) = keypoint_index('openpose_25', [middle])
        torch.testing.assert_close(
            openpose[:, k], coco[:, both].mean(1), rtol=0, atol=1e-6
        )
    torch.testing.assert_close(out.keypoints['smpl_24'], out.joints)
    joints = out.keypoints['cycleadapt_29'][:, :24]
    torch.testing.assert_close(joints, out.joints)


def test_regressors_follow_the_skeleton_in_any_pose(body: SMPLBody):
    """On poses and shapes that no row was fitted to."""
    out = body(natural(40), False, ('h36m_17', 'coco_23'))
    for convention, limit in (('h36m_17', 0.02), ('coco_23', 0.06)):
        for name in ('hip', 'knee', 'ankle', 'shoulder', 'elbow', 'wrist'):
            (k,) = keypoint_index(convention, [f'left_{name}'])
            joint = out.joints[:, SMPL_JOINTS.index(f'left_{name}')]
            distance = (out.keypoints[convention][:, k] - joint).norm(dim=-1)
            assert distance.mean() < limit, (convention, name)


def test_men_are_taller_and_betas_make_taller():
    heights = {}
    for gender in ('male', 'neutral', 'female'):
        model = SMPLBody(gender=gender)
        betas = torch.zeros(2, 10)
        betas[1, 0] = 2
        y = model(t_pose(betas)).vertices[..., 1]
        low, high = (y.amax(1) - y.amin(1)).tolist()
        assert 0.1 < high - low < 0.4
        heights[gender] = low
    assert heights['male'] > heights['neutral'] > heights['female']
    assert 1.55 < heights['female'] < 1.70 < heights['male'] < 1.85


def test_pelvis_stays_at_the_origin(body: SMPLBody):
    betas = torch.randn(20, 10, generator=torch.Generator().manual_seed(1))
    pelvis = body.joints_only(t_pose(betas))[:, 0]
    assert pelvis.norm(dim=-1).max() < 0.02
