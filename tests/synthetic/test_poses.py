import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from semtta_mm.conventions import flip_index, limb_joints
from semtta_mm.models.bodies import SMPLBody
from semtta_mm.structures import SMPLParams
from semtta_mm.synthetic.poses import PoseSampler, sample_betas
from semtta_mm.training_data import MotionClip, mirror_pose


def random_pose(count: int, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    vectors = rng.normal(0, 0.4, (count * 24, 3))
    return Rotation.from_rotvec(vectors).as_matrix().reshape(count, 24, 3, 3)


def still(name: str, label: str, frames: int, angle: float) -> MotionClip:
    pose = np.tile(np.eye(3), (frames, 24, 1, 1))
    pose[:] = Rotation.from_rotvec([angle, 0, 0]).as_matrix()
    return MotionClip(name, label, 'procedural', 30, pose)


def test_mirrored_pose_has_mirrored_joints():
    """The open body is symmetric, so its joints show it exactly."""
    body = SMPLBody()
    pose = random_pose(3)

    def joints(rotations):
        params = SMPLParams.from_pose(
            torch.from_numpy(rotations).float(), torch.zeros(3, 10)
        )
        return body.joints_only(params).numpy()

    expected = joints(pose)[:, flip_index('smpl_24')] * [-1, 1, 1]
    np.testing.assert_allclose(joints(mirror_pose(pose)), expected, atol=2e-3)
    np.testing.assert_allclose(mirror_pose(mirror_pose(pose)), pose)


def test_labels_weigh_by_the_root_of_their_frames():
    clips = [
        still('a', 'walk', 300, 0.1),
        still('b', 'walk', 100, 0.1),
        still('c', 'sit', 100, 0.2),
    ]
    weights = PoseSampler(clips).weights()
    # sqrt(400) : sqrt(100), and within walking by frames.
    np.testing.assert_allclose(weights, [0.5, 1 / 6, 1 / 3])


def test_plain_frames_come_from_the_clips():
    clips = [still('a', 'x', 5, 0.1), still('b', 'y', 5, 0.7)]
    sampler = PoseSampler(clips, mirrored=0, noisy=0, mixed=0)
    pose = sampler.frames(50, np.random.default_rng(0))
    angle = Rotation.from_matrix(pose[:, 3]).magnitude()
    assert set(angle.round(6)) == {0.1, 0.7}
    again = sampler.frames(50, np.random.default_rng(0))
    np.testing.assert_array_equal(pose, again)


def test_mixing_exchanges_whole_limbs():
    clips = [still('a', 'x', 5, 0.1), still('b', 'y', 5, 0.7)]
    sampler = PoseSampler(clips, mirrored=0, noisy=0, mixed=1)
    pose = sampler.frames(200, np.random.default_rng(0))
    angle = Rotation.from_matrix(pose.reshape(-1, 3, 3)).magnitude()
    angle = angle.reshape(200, 24).round(6)
    limbs = [angle[:, joints] for joints in limb_joints()]
    assert all((limb == limb[:, :1]).all() for limb in limbs)
    # Exchanged with one half, and then for the other clip with one half.
    for limb in limbs:
        assert 0.15 < (limb[:, 0] != angle[:, 0]).mean() < 0.35


def test_limbs_are_all_joints_but_the_root():
    joints = np.concatenate(limb_joints())
    assert sorted(joints) == list(range(1, 24))


def test_noise_keeps_rotations():
    clips = [MotionClip('a', 'x', 'cmu', 30, random_pose(4))]
    pose = PoseSampler(clips, noisy=1.0).frames(20, np.random.default_rng(0))
    eye = np.broadcast_to(np.eye(3), pose.shape)
    np.testing.assert_allclose(pose @ pose.swapaxes(-1, -2), eye, atol=1e-9)
    np.testing.assert_allclose(np.linalg.det(pose), 1)


def test_shapes_and_empty_sampler():
    betas = sample_betas(500, np.random.default_rng(0))
    assert betas.shape == (500, 10)
    assert np.abs(betas).max() <= 2.5
    with pytest.raises(ValueError, match='at least one clip'):
        PoseSampler([])
