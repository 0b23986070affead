"""Windows of motion: speed, cut, view, noise, chances."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from semtta_mm.registry import DATASETS
from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.training_data import MotionClip, PoseNoise, slerp_pose
from semtta_mm.training_data.motion_windows import (
    MAX_SPEED,
    MotionWindowDataset,
    clip_chances,
    pose_between,
)
from semtta_mm.utils import InputError

KNEE, OTHER_KNEE = 4, 5
SILENT = {'jitter': 0.0, 'drift': 0.0, 'lost': 0.0}
STEP = 0.02
"""Rotation of the knee of a test clip per frame at 60 fps, rad."""


def clip(name: str, frames: int, fps: float = 60.0, loops: bool = False):
    """A left knee that bends at a constant rate."""
    pose = np.tile(np.eye(3), (frames, 24, 1, 1))
    turns = np.zeros((frames, 3))
    turns[:, 0] = np.arange(frames) * STEP
    pose[:, KNEE] = Rotation.from_rotvec(turns).as_matrix()
    return MotionClip(name, name, 'cmu', fps, pose, loops)


@pytest.fixture
def path(tmp_path):
    clips = [
        clip('long', 200),
        clip('exact', 97),
        clip('short', 96),
        clip('loop', 40, loops=True),
    ]
    return write_motion_set(tmp_path / 'set.npz', clips)


def knee_speed(pose: torch.Tensor) -> np.ndarray:
    """Turn of the faster knee between frames, rad."""
    knees = pose[:, [KNEE, OTHER_KNEE]].double().numpy()
    step = knees[:-1].swapaxes(-1, -2) @ knees[1:]
    turn = Rotation.from_matrix(step.reshape(-1, 3, 3)).magnitude()
    return turn.reshape(-1, 2).max(1)


def test_cut_set_contains_every_window_once(path):
    data = DATASETS.build(
        dict(type='semtta_mm.MotionWindowDataset', path=path, noise=SILENT)
    )
    assert [c.name for c in data.clips] == ['long', 'exact', 'loop']
    # 200 frames at 60 fps are 100 at 30: starts 0, 24, 48 for 49 frames; the
    # loop of 40 is repeated to 120, which are 60: start 0.
    assert len(data) == 3 + 1 + 1
    item, again = data[1], data[1]
    assert all(torch.equal(item[k], again[k]) for k in item)
    torch.testing.assert_close(item['noisy'], item['clean'])
    angle = Rotation.from_matrix(item['clean'][:, KNEE].numpy()).magnitude()
    np.testing.assert_allclose(
        angle, (24 + np.arange(49)) * 2 * STEP, atol=1e-5
    )
    assert item['hidden'].sum() == 25
    with pytest.raises(IndexError, match='5 of 5 windows'):
        data[5]


def test_training_windows_vary(path):
    data = MotionWindowDataset(path, windows=1000, noise=SILENT)
    torch.manual_seed(0)
    items = [data[0] for _ in range(80)]
    assert len(data) == 1000
    speeds = np.array([np.median(knee_speed(i['clean'])) for i in items])
    ratio = speeds / (2 * STEP)
    assert 1 / MAX_SPEED - 1e-3 < ratio.min() < 0.9
    assert 1.1 < ratio.max() < MAX_SPEED + 1e-3
    eye = torch.eye(3)
    mirrored = [
        bool((i['clean'][:, KNEE] - eye).abs().max() < 1e-6) for i in items
    ]
    assert 0.3 < np.mean(mirrored) < 0.7
    torch.manual_seed(0)
    assert torch.equal(data[0]['clean'], items[0]['clean'])


def test_root_is_upright_in_camera_coordinates(path):
    """Up is -y of the camera for any yaw, and constant in a window."""
    data = MotionWindowDataset(path, windows=1000)
    torch.manual_seed(1)
    roots = torch.stack([data[i]['clean'][:, 0] for i in range(60)])
    assert (roots == roots[:, :1]).all()
    up, front = roots[:, 0, :, 1], roots[:, 0, :, 2]
    assert (up[:, 1] < -0.4).all()
    assert up[:, 1].mean() < -0.9
    assert front[:, 2].min() < -0.7
    assert front[:, 2].max() > 0.7


def test_pose_between_is_slerp():
    rng = np.random.default_rng(0)
    turns = 0.2 * rng.normal(size=(6, 24, 3)).cumsum(0) + 1.5
    rotations = Rotation.from_rotvec(turns.reshape(-1, 3))
    pose = rotations.as_matrix().reshape(6, 24, 3, 3)
    signs = rng.choice([-1, 1], (6, 24, 1))  # of one rotation both
    quaternions = rotations.as_quat().reshape(6, 24, 4) * signs
    at = np.array([0.0, 0.4, 2.5, 4.9, 5.0])
    mixed = pose_between(quaternions, at)
    np.testing.assert_allclose(mixed, slerp_pose(pose, at), atol=2e-3)
    beyond = pose_between(quaternions, np.array([-1.0, 7.0]))
    np.testing.assert_allclose(beyond, pose[[0, -1]], atol=1e-12)


def test_chances_by_hand():
    clips = [clip('a', 60), clip('a', 240), clip('b', 100)]
    # Labels of 5 s and 5/3 s: sqrt(5) to sqrt(5/3), and 1 to 4 within 'a'.
    a, b = 5**0.5, (5 / 3) ** 0.5
    expected = np.array([a / 5, a * 4 / 5, b]) / (a + b)
    np.testing.assert_allclose(clip_chances(clips), expected)


def test_no_long_clip(tmp_path):
    path = write_motion_set(tmp_path / 'x.npz', [clip('short', 96)])
    with pytest.raises(InputError, match='no clip has 49 frames at 30 fps'):
        MotionWindowDataset(path)


def test_noise_has_the_stated_strength():
    noise = PoseNoise(jitter=0.2, drift=0, lost=0)
    rng = np.random.default_rng(0)
    spread = [noise.turns(49, 24, rng).std() for _ in range(200)]
    assert max(spread) < 0.21
    assert np.mean(spread) == pytest.approx(0.1, abs=0.015)
    slow = PoseNoise(jitter=0, drift=0.2, lost=0)
    turns = np.stack([slow.turns(49, 24, rng) for _ in range(200)])
    assert turns[:, 24].std() == pytest.approx(0.2 / 3**0.5, abs=0.015)
    step = np.diff(turns, axis=1).std()
    assert step < 0.3 * turns.std()


def test_all_joints_of_a_wrong_limb_change():
    noise = PoseNoise(jitter=0, drift=0, lost=0.5, lost_turn=0.5)
    turns = noise.turns(2000, 24, np.random.default_rng(2))
    lost = (turns != 0).all(-1)
    assert 0.05 < lost.mean() < 0.5
    assert (lost[:, 4] == lost[:, 7]).all()  # knee and ankle of one leg
    assert (lost[:, 4] != lost[:, 5]).any()  # not the other leg
    assert turns[lost].std() == pytest.approx(0.5, abs=0.02)


def test_noise_is_applied_on_the_right():
    pose = np.tile(np.diag([1.0, -1, -1]), (49, 24, 1, 1))
    noisy = PoseNoise()(pose, np.random.default_rng(0))
    turns = PoseNoise().turns(49, 24, np.random.default_rng(0))
    angle = Rotation.from_matrix(
        (pose.swapaxes(-1, -2) @ noisy).reshape(-1, 3, 3)
    ).magnitude()
    np.testing.assert_allclose(
        angle, np.linalg.norm(turns, axis=-1).ravel(), atol=1e-6
    )
