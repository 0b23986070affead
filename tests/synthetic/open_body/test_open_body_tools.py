"""The steps that make the open body, on small shapes."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.synthetic.open_body.decimate import decimate
from semtta_mm.synthetic.open_body.poses import random_poses
from semtta_mm.synthetic.open_body.regress import (
    both_sides,
    fit_row,
    held_out_error,
    nearest,
)
from semtta_mm.synthetic.open_body.shape_space import fit_shape_space
from semtta_mm.synthetic.open_body.source import Bodies, bone_of
from semtta_mm.synthetic.open_body.tpose import rotation_between, to_t_pose


def sphere(rings: int = 12, sectors: int = 16):
    """A closed sphere, symmetric in x, with vertices on the midline."""
    points = [[0.0, 1.0, 0.0]]
    for i in range(1, rings):
        a = np.pi * i / rings
        for k in range(sectors):
            b = 2 * np.pi * k / sectors
            points.append(
                [np.sin(a) * np.sin(b), np.cos(a), np.sin(a) * np.cos(b)]
            )
    points.append([0.0, -1.0, 0.0])
    last, faces = len(points) - 1, []
    for k in range(sectors):
        n = (k + 1) % sectors
        faces.append([0, 1 + k, 1 + n])
        for i in range(rings - 2):
            a, b = 1 + i * sectors, 1 + (i + 1) * sectors
            quad = [a + k, b + k, b + n, a + n]
            # Diagonals mirror too.
            cut = (0, 1, 2), (0, 2, 3)
            if k >= sectors // 2:
                cut = (0, 1, 3), (1, 2, 3)
            faces += [[quad[q] for q in triangle] for triangle in cut]
        b = 1 + (rings - 2) * sectors
        faces.append([last, b + n, b + k])
    array = np.round(np.array(points), 12)
    distance = np.linalg.norm(
        array[:, None] - array[None] * [-1, 1, 1], axis=-1
    )
    return array, np.array(faces), distance.argmin(1)


@pytest.mark.parametrize('target', [120, 101, 60])
def test_decimation_keeps_a_closed_symmetric_surface(target: int):
    points, faces, mirror = sphere()
    weights = np.ones((len(points), 1))
    keep, fewer = decimate(points, faces, weights, mirror, target)
    assert len(keep) == target
    assert set(keep) == set(mirror[keep])
    edges = np.concatenate(
        [fewer[:, [0, 1]], fewer[:, [1, 2]], fewer[:, [2, 0]]]
    )
    forward = {tuple(e) for e in edges.tolist()}
    assert len(forward) == len(edges)
    assert forward == {(b, a) for a, b in forward}
    # Euler's formula of a sphere: V - E + F = 2.
    assert target - len(edges) // 2 + len(fewer) == 2
    a, b, c = points[keep][fewer].transpose(1, 0, 2)
    volume = (a * np.cross(b, c)).sum() / 6
    assert 3.2 < volume < 4 / 3 * np.pi


def test_impossible_decimation_is_an_error():
    points, faces, mirror = sphere(4, 8)
    with pytest.raises(RuntimeError, match='expected 2'):
        decimate(points, faces, np.ones((len(points), 1)), mirror, 2)


def test_fit_finds_a_convex_combination():
    rng = np.random.default_rng(0)
    vertices = rng.normal(size=(60, 12, 3))
    truth = np.zeros(12)
    truth[[2, 5, 7]] = 0.5, 0.3, 0.2
    target = np.einsum('v,nvd->nd', truth, vertices)
    row = fit_row(vertices[:40], target[:40], np.arange(12))
    np.testing.assert_allclose(row, truth, atol=1e-3)
    mean, p95 = held_out_error(row, vertices[40:], target[40:])
    assert mean < p95 < 1


def test_fit_stays_convex_when_the_target_is_outside():
    rng = np.random.default_rng(0)
    vertices = rng.uniform(size=(30, 6, 3))
    row = fit_row(vertices, np.full((30, 3), 3.0), np.arange(6))
    assert (row >= 0).all()
    assert row.sum() == pytest.approx(1)


def test_held_out_error_is_in_millimetres():
    vertices = np.zeros((4, 1, 3))
    target = np.tile([0.003, 0.004, 0.0], (4, 1))
    assert held_out_error(np.ones(1), vertices, target) == pytest.approx(
        (5.0, 5.0)
    )


def test_nearest_and_both_sides():
    vertices = np.array([[[0.0, 0, 0], [1, 0, 0], [-1, 0, 0], [5, 0, 0]]])
    allowed = np.array([True, True, True, False])
    target = np.array([[4.0, 0, 0]])
    assert nearest(vertices, target, allowed, 2).tolist() == [0, 1]
    mirror = np.array([0, 2, 1, 3])
    rows = both_sides({'left_hip': np.eye(4)[1], 'neck': np.eye(4)[1]}, mirror)
    assert rows['right_hip'].tolist() == [0, 0, 1, 0]
    assert rows['neck'].tolist() == [0, 0.5, 0.5, 0]


def test_shape_space_finds_the_directions():
    rng = np.random.default_rng(0)
    template = rng.normal(size=(40, 3))
    template[0], template[1] = [0, 9, 0], [0, -9, 0]
    basis = np.linalg.qr(rng.normal(size=(120, 10)))[0].T.reshape(10, 40, 3)
    scale = np.linspace(3, 1, 10)
    codes = rng.normal(size=(400, 10)) * scale
    bodies = template + np.einsum('nk,kvd->nvd', codes, basis)
    space = fit_shape_space(bodies)
    assert space.explained == pytest.approx(1)
    assert space.residual < 1e-6
    rest = (bodies - space.template).reshape(400, -1)
    flat = space.directions.reshape(-1, 10)
    found = np.linalg.lstsq(flat, rest.T, rcond=None)[0]
    np.testing.assert_allclose(found.std(1, ddof=1), 1, atol=1e-6)
    taller = space.directions[0, 1] - space.directions[1, 1]
    assert (taller >= 0).all()


def test_rotation_between():
    start = np.array([[1.0, 2, 3], [0, 0, 5], [0, 1, 0.1]])
    end = np.array([0.0, 1, 0])
    rotation = rotation_between(start, end)
    unit = start / np.linalg.norm(start, axis=1, keepdims=True)
    np.testing.assert_allclose(
        np.einsum('nij,nj->ni', rotation, unit),
        np.tile(end, (3, 1)),
        atol=1e-9,
    )
    np.testing.assert_allclose(np.linalg.det(rotation), 1)


def test_t_pose_straightens_the_limbs():
    rng = np.random.default_rng(0)
    joints = rng.normal(size=(2, 24, 3))
    bodies = Bodies(joints.copy(), joints, np.zeros((2, 3, 3)))
    straight = to_t_pose(bodies, np.eye(24))
    np.testing.assert_allclose(straight.vertices, straight.joints, atol=1e-9)
    at = {name: straight.joints[:, j] for j, name in enumerate(SMPL_JOINTS)}
    np.testing.assert_allclose(at['pelvis'], 0, atol=1e-12)
    for side, sign in (('left', 1), ('right', -1)):
        arm = at[f'{side}_wrist'] - at[f'{side}_shoulder']
        np.testing.assert_allclose(arm[:, 1:], 0, atol=1e-9)
        assert (sign * arm[:, 0] > 0).all()
        shin = at[f'{side}_ankle'] - at[f'{side}_knee']
        np.testing.assert_allclose(shin[:, [0, 2]], 0, atol=1e-9)
        assert (shin[:, 1] < 0).all()


def test_random_poses_mirror_and_repeat():
    first = random_poses(400, np.random.default_rng(0))
    again = random_poses(400, np.random.default_rng(0))
    np.testing.assert_array_equal(first, again)
    np.testing.assert_allclose(np.linalg.det(first), 1)
    assert (first[:, 0] == np.eye(3)).all()

    def mean_bend(joint: str) -> np.ndarray:
        matrices = first[:, SMPL_JOINTS.index(joint)]
        return Rotation.from_matrix(matrices).as_rotvec().mean(0)

    assert mean_bend('left_knee')[0] > 0.5
    assert (
        mean_bend('left_elbow')[1] < -0.5 < 0.5 < mean_bend('right_elbow')[1]
    )


def test_bones_of_the_rig():
    assert bone_of('left_hip') == 'thigh_l'
    assert bone_of('right_hand') == 'middle_01_r'
    assert bone_of('spine_2') == 'spine_02'
