import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from semtta_mm.synthetic.motions import library
from semtta_mm.synthetic.motions.procedural import ACTIONS, Style
from semtta_mm.synthetic.motions.restyle import (
    restyle,
    retime,
    scale_amplitude,
)
from semtta_mm.training_data import MotionClip


def swinging(frames=31, degrees=30.0):
    angles = degrees * np.sin(np.linspace(0, 2 * np.pi, frames))
    pose = np.tile(np.eye(3), (frames, 24, 1, 1))
    turns = Rotation.from_euler('x', angles[:, None], degrees=True)
    pose[:, 4] = turns.as_matrix()
    return MotionClip('capture', 'kick', 'pybullet', 30.0, pose)


def test_amplitude_by_hand():
    clip = swinging()
    half = Rotation.from_matrix(scale_amplitude(clip.pose, 0.5)[:, 4])
    full = Rotation.from_matrix(clip.pose[:, 4])
    np.testing.assert_allclose(
        half.as_rotvec(), 0.5 * full.as_rotvec(), atol=1e-6
    )
    frozen = scale_amplitude(clip.pose, 0.0)
    np.testing.assert_allclose(frozen, frozen[:1].repeat(31, 0), atol=1e-9)


def test_retime_keeps_the_ends():
    pose = swinging().pose
    slow = retime(pose, 0.5)
    assert len(slow) == 61
    np.testing.assert_allclose(slow[::2], pose, atol=1e-9)


def test_restyled_clips_keep_their_label_and_differ():
    clip = swinging()
    rng = np.random.default_rng(0)
    first, second = (restyle(clip, Style('test', rng)) for _ in range(2))
    assert first.label == 'kick'
    assert first.name.startswith('capture/test/')
    assert first.name != second.name
    assert len(first) != len(clip)


def test_cmu_clips_belong_to_one_split():
    assert library.cmu_split('cmu/test/walking/walking_1') == 'test'
    assert library.cmu_split('cmu/train/walking/walking_1') == 'train'
    assert library.cmu_split('cmu/train/walking/walking_5') == 'dev'
    extra = 'cmu/train/basketball_signal/basketball_signal_5'
    assert library.cmu_split(extra) == 'test'
    assert not library.DEV_CLIPS & library.EXTRA_TEST_CLIPS


@pytest.fixture
def one_capture(monkeypatch):
    monkeypatch.setattr(library, 'pybullet_clips', lambda rest: [swinging()])


def test_open_splits_share_labels_but_no_clip(one_capture, rest_joints):
    clips = {
        split: library.open_clips(split, 0, 2, 1.0, rest_joints=rest_joints)
        for split in ('train', 'dev', 'test')
    }
    labels = {*ACTIONS, 'kick'}
    assert all({c.label for c in part} == labels for part in clips.values())
    names = [c.name for part in clips.values() for c in part]
    assert len(names) == len(set(names))
    # The capture itself is for training only.
    assert 'capture' in {c.name for c in clips['train']}
    assert len(clips['test']) == 2 * len(labels)
    again = library.open_clips('dev', 0, 2, 1.0, rest_joints=rest_joints)
    for a, b in zip(clips['dev'], again, strict=True):
        assert a.name == b.name
        np.testing.assert_array_equal(a.pose, b.pose)
