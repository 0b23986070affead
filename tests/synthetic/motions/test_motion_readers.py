"""Captured skeletons keep the directions of their limbs on SMPL."""

import json

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.synthetic.motions import (
    read_bvh,
    read_cmu_npz,
    read_pybullet,
)
from semtta_mm.synthetic.motions.cmu import JOINT_MAP, cmu_pose, cmu_skeleton
from semtta_mm.synthetic.motions.retarget import LIMBS, rotation_between
from semtta_mm.utils import InputError

INDEX = {name: i for i, name in enumerate(SMPL_JOINTS)}


def direction(joints: np.ndarray, start: str, end: str) -> np.ndarray:
    bone = joints[:, INDEX[end]] - joints[:, INDEX[start]]
    return bone / np.linalg.norm(bone, axis=-1, keepdims=True)


def random_columns(frames: int, size: float = 0.5) -> np.ndarray:
    rng = np.random.default_rng(0)
    return np.c_[np.zeros((frames, 3)), rng.normal(0, size, (frames, 114))]


def captured_positions(columns: np.ndarray) -> dict[str, np.ndarray]:
    """Forward kinematics of the captured skeleton, joint by joint."""
    skeleton = cmu_skeleton()
    maps = Rotation.from_rotvec(columns[:, 3:].reshape(-1, 3)).inv()
    local = maps.as_matrix().reshape(len(columns), 38, 3, 3)
    world, place = [], []
    for j, parent in enumerate(skeleton.parents):
        if parent < 0:
            world.append(local[:, j])
            place.append(np.zeros((len(columns), 3)))
            continue
        world.append(world[parent] @ local[:, j])
        place.append(place[parent] + world[parent] @ skeleton.offsets[j])
    return dict(zip(skeleton.names, place, strict=True))


def test_limbs_keep_their_captured_direction(rest_joints, joints_of):
    columns = random_columns(5)
    joints = joints_of(cmu_pose(columns, rest_joints))
    place = captured_positions(columns)
    for start, end in LIMBS.items():
        bone = place[JOINT_MAP[end]] - place[JOINT_MAP[start]]
        bone /= np.linalg.norm(bone, axis=-1, keepdims=True)
        ours = direction(joints, start, end)
        np.testing.assert_allclose(ours, bone, atol=1e-4, err_msg=start)


def test_cmu_file(tmp_path, rest_joints):
    path = tmp_path / 'cmu.npz'
    columns = random_columns(7).astype(np.float32)
    np.savez(path, **{'train/walking_extra/walking_3': columns})
    (clip,) = read_cmu_npz(path, rest_joints)
    assert clip.name == 'cmu/train/walking_extra/walking_3'
    assert (clip.label, clip.fps, len(clip)) == ('walk', 60, 5)
    np.testing.assert_allclose(
        clip.pose, cmu_pose(columns[2:].astype(float), rest_joints)
    )


@pytest.mark.parametrize(
    ('arrays', 'field', 'problem'),
    [
        (
            {'walking': np.zeros((5, 117))},
            'walking',
            'is not split/action/clip',
        ),
        ({'a/b/c': np.zeros((5, 99))}, 'a/b/c', 'has shape'),
        ({'a/b/c': np.zeros((2, 117))}, 'a/b/c', 'is empty'),
        ({'a/b/c': np.full((5, 117), np.nan)}, 'a/b/c', 'contains NaN'),
    ],
)
def test_bad_cmu_files(tmp_path, rest_joints, arrays, field, problem):
    path = tmp_path / 'cmu.npz'
    np.savez(path, **arrays)
    with pytest.raises(InputError, match=problem) as caught:
        read_cmu_npz(path, rest_joints)
    assert caught.value.field == field


def bvh_text(columns: np.ndarray, order: str = 'ZYX') -> str:
    """The CMU skeleton as a BVH file, written by recursion."""
    skeleton = cmu_skeleton()
    children = {
        j: [i for i, p in enumerate(skeleton.parents) if p == j]
        for j in range(38)
    }
    visited = []

    def node(j: int) -> str:
        visited.append(j)
        x, y, z = skeleton.offsets[j]
        turns = ' '.join(f'{axis}rotation' for axis in order)
        channels = f'CHANNELS 3 {turns}'
        if j == 0:
            channels = f'CHANNELS 6 Xposition Yposition Zposition {turns}'
        inside = ''.join(node(i) for i in children[j])
        end = '' if children[j] else 'End Site { OFFSET 0 1 0 }\n'
        kind = 'JOINT' if j else 'ROOT'
        return (
            f'{kind} {skeleton.names[j]}\n{{ OFFSET {x} {y} {z}\n'
            f'{channels}\n{inside}{end}}}\n'
        )

    tree = node(0)
    turned = Rotation.from_rotvec(columns[:, 3:].reshape(-1, 3)).inv()
    euler = turned.as_euler(order, degrees=True).reshape(-1, 38, 3)
    values = np.c_[columns[:, :3], euler[:, visited].reshape(-1, 114)]
    rows = '\n'.join(' '.join(f'{v:.9f}' for v in row) for row in values)
    head = f'Frames: {len(columns)}\nFrame Time: 0.0083333\n'
    return f'HIERARCHY\n{tree}MOTION\n{head}{rows}\n'


@pytest.mark.parametrize('order', ['ZYX', 'XYZ', 'YXZ'])
def test_bvh_and_exponential_maps_agree(tmp_path, rest_joints, order):
    columns = random_columns(3)
    path = tmp_path / '02_01.bvh'
    path.write_text(bvh_text(columns, order))
    clip = read_bvh(path, 'walk', rest_joints)
    assert clip.fps == pytest.approx(120, rel=1e-4)
    np.testing.assert_allclose(
        clip.pose, cmu_pose(columns, rest_joints), atol=1e-6
    )


@pytest.mark.parametrize(
    ('change', 'problem'),
    [
        (lambda text: text[: len(text) // 2], 'not a complete BVH'),
        (lambda text: text.replace('MOTION', ''), 'not a complete BVH'),
        (lambda text: text.rsplit(' ', 1)[0], 'numbers for 3 frames'),
        (lambda text: text.replace('LeftLeg', 'LeftShin'), r'LeftLeg'),
    ],
)
def test_bad_bvh_files(tmp_path, rest_joints, change, problem):
    path = tmp_path / 'a.bvh'
    path.write_text(change(bvh_text(random_columns(3))))
    with pytest.raises(InputError, match=problem):
        read_bvh(path, 'walk', rest_joints)
    with pytest.raises(InputError, match='does not exist'):
        read_bvh(tmp_path / 'b.bvh', 'walk', rest_joints)


def pybullet_file(path, rows, **more) -> None:
    path.write_text(json.dumps({'Loop': 'wrap', 'Frames': rows} | more))


def pybullet_row(**angles) -> list[float]:
    """A row at rest; ``knee_r=0.5`` turns a one-angle joint."""
    still = [1.0, 0, 0, 0]
    row = [0.1, 0, 0.9, 0, *still, *still, *still]
    for side in ('r', 'l'):
        row += [*still, angles.get(f'knee_{side}', 0.0), *still]
        row += [*still, angles.get(f'elbow_{side}', 0.0)]
    return row


def test_limbs_of_pybullet_point_down_at_rest(
    tmp_path, rest_joints, joints_of
):
    path = tmp_path / 'humanoid3d_spinkick.txt'
    pybullet_file(path, [pybullet_row()] * 4)
    clip = read_pybullet(path, rest_joints)
    assert (clip.name, clip.label) == ('pybullet/spinkick', 'spin kick')
    assert clip.loops
    assert len(clip) == 10  # 0.3 s and the first frame, at 30 fps
    joints = joints_of(clip.pose)
    for side in ('left', 'right'):
        for pair in (('hip', 'knee'), ('shoulder', 'elbow')):
            start, end = (f'{side}_{joint}' for joint in pair)
            np.testing.assert_allclose(
                direction(joints, start, end)[0], [0, -1, 0], atol=1e-3
            )


def test_pybullet_knee_bends_backwards_and_elbow_forwards(
    tmp_path, rest_joints, joints_of
):
    path = tmp_path / 'humanoid3d_x.txt'
    row = pybullet_row(knee_r=-1.0, elbow_l=1.0)
    pybullet_file(path, [row, row])
    joints = joints_of(read_pybullet(path, rest_joints).pose)
    shin = direction(joints, 'right_knee', 'right_ankle')[0]
    assert shin[2] < -0.8
    assert direction(joints, 'left_knee', 'left_ankle')[0, 1] < -0.99
    forearm = direction(joints, 'left_elbow', 'left_wrist')[0]
    assert forearm[2] > 0.8


def test_bad_pybullet_files(tmp_path, rest_joints):
    path = tmp_path / 'humanoid3d_x.txt'
    pybullet_file(path, [[0.0] * 43])
    with pytest.raises(InputError, match=r'not \[T, 44\]'):
        read_pybullet(path, rest_joints)
    path.write_text('{"Frames": [')
    with pytest.raises(InputError, match='cannot be read'):
        read_pybullet(path, rest_joints)
    with pytest.raises(InputError, match='cannot be read'):
        read_pybullet(tmp_path / 'none.txt', rest_joints)


def test_rotation_between():
    turn = rotation_between(np.array([2.0, 0, 0]), np.array([0, 0.1, 0]))
    np.testing.assert_allclose(turn @ [1, 0, 0], [0, 1, 0], atol=1e-12)
    assert np.linalg.det(turn) == pytest.approx(1)
