"""Windows of labelled motion: balance, padding, speed, heading, errors."""

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation
from torch.utils.data import default_collate

from semtta_mm.models.motion_text.dictionary_file import write_dictionary
from semtta_mm.registry import DATASETS
from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.training_data import MotionClip
from semtta_mm.training_data.action_windows import (
    clips_of_part,
    heading,
    pad_window,
)
from semtta_mm.utils import InputError


def clip(label, source, seconds, fps=30.0, rate=0.3, name=None):
    """A knee that rotates at ``rate`` rad/s; the root is lying."""
    time = np.arange(round(seconds * fps)) / fps
    pose = np.tile(np.eye(3), (len(time), 24, 1, 1))
    pose[:, 4] = Rotation.from_rotvec(
        rate * time[:, None] * [1, 0, 0]
    ).as_matrix()
    pose[:, 0] = Rotation.from_euler('x', np.pi / 2).as_matrix()
    return MotionClip(name or f'{label}-{source}', label, source, fps, pose)


@pytest.fixture
def files(tmp_path):
    words = write_dictionary(
        tmp_path / 'words.npz',
        ['jump', 'run', 'walk'],
        np.eye(3),
        'axes',
        {'exemplar': ['jump'] * 3, 'source': ['a'] * 3, 'length': [60] * 3},
        np.zeros((3, 60, 24, 3)),
    )
    clips = [
        clip('walking', 'cmu', 9, 60.0),
        *(clip('walk', 'pybullet', 3, name=f'p{i}') for i in range(5)),
        clip('jump', 'pybullet', 1.0),
        clip('jump', 'procedural', 0.4),  # too short
        clip('', 'cmu_subjects', 9),  # unlabelled
    ]
    return write_motion_set(tmp_path / 'train.npz', clips), words


def build(files, **options):
    path, words = files
    return DATASETS.build(
        dict(
            type='semtta_mm.ActionWindowDataset',
            path=str(path),
            dictionary=str(words),
            **options,
        )
    )


def test_labels_cycle_and_short_clips_are_padded(files):
    torch.manual_seed(0)
    dataset = build(files, windows=80, cut=0.0)
    assert len(dataset) == 80
    items = default_collate([dataset[i] for i in range(80)])
    assert items['pose'].shape == (80, 60, 24, 3, 3)
    assert items['label'].bincount(minlength=3).tolist() == [40, 0, 40]
    frames = items['mask'].sum(1)
    walk = items['label'] == 2
    assert (frames[walk] == 60).all()
    # 1 s played at 0.87 to 1.15 times its speed.
    assert 25 <= frames[~walk].min() < frames[~walk].max() <= 34
    with pytest.raises(IndexError, match='80 of 80'):
        dataset[80]


def test_sources_are_equally_likely(files):
    torch.manual_seed(0)
    dataset = build(files)
    sources = dataset._clips['walk']
    assert {k: len(v) for k, v in sources.items()} == {'cmu': 1, 'pybullet': 5}


def test_speed_heading_and_length_vary_but_not_the_tilt(files):
    torch.manual_seed(0)
    dataset = build(files, windows=200, cut=1.0)
    items = default_collate([dataset[i] for i in range(200)])
    frames = items['mask'].sum(1)
    assert frames.min() >= 20 and frames[items['label'] == 2].max() > 50
    assert (items['mask'][:, 1:] <= items['mask'][:, :-1]).all()
    walk = items['label'] == 2
    knee = items['pose'][walk][:, :20, [4, 5]].numpy().reshape(-1, 3, 3)
    turn = Rotation.from_matrix(knee).as_rotvec().reshape(-1, 20, 2, 3)
    speed = np.abs(turn[:, 19, :, 0] - turn[:, 0, :, 0]) / 19 * 30
    moved = speed.max(1)
    assert 0.3 / 1.16 < moved.min() < 0.275
    assert 0.325 < moved.max() < 0.3 * 1.16
    mirrored = speed.argmax(1).mean()
    assert 0.3 < mirrored < 0.7
    # The body's own up axis stays level, whatever the heading.
    up = items['pose'][:, 0, 0, :, 1]
    torch.testing.assert_close(up[:, 1], torch.zeros(200), atol=1e-5, rtol=0)
    yaw = torch.atan2(up[:, 0], up[:, 2])
    assert yaw.min() < -2.5 and yaw.max() > 2.5


def test_pad_window_holds_the_last_frame():
    pose = np.arange(3 * 24 * 9.0).reshape(3, 24, 3, 3)
    padded, mask = pad_window(pose, 5)
    assert mask.tolist() == [True, True, True, False, False]
    assert torch.equal(padded[4], torch.from_numpy(pose[2]).float())
    assert np.allclose(heading(np.pi / 2) @ [0, 0, 1], [1, 0, 0])


def test_errors_of_bad_sets(files, tmp_path):
    path, words = files
    write_motion_set(path, [clip('swim', 'cmu', 3)])
    with pytest.raises(InputError, match="'swim' is not in the dictionary"):
        build(files)
    write_motion_set(path, [clip('walk', 'cmu', 0.5)])
    with pytest.raises(InputError, match='no labelled clip has more than 20'):
        build(files)


def test_only_known_labels(files):
    path, words = files
    clips = [clip('walk', 'cmu', 3), clip('knit', 'cmu', 3)]
    other = write_motion_set(path.with_name('other.npz'), clips)
    with pytest.raises(InputError, match='knit'):
        build((other, words))
    dataset = build((other, words), known_only=True, windows=4)
    assert {int(dataset[i]['label']) for i in range(4)} == {2}


def test_parts_share_no_clip_and_have_all_groups():
    clips = [clip('walk', 'cmu', 1, name=f'w{i}') for i in range(5)]
    clips += [clip('walk', 'made', 1, name=f'm{i}') for i in range(2)]
    first, second = (clips_of_part(clips[::-1], k, 2) for k in (0, 1))
    assert [c.name for c in first] == ['m0', 'w0', 'w2', 'w4']
    assert [c.name for c in second] == ['m1', 'w1', 'w3']
    assert len(clips_of_part(clips, 0, 1)) == 7


def test_noise_perturbs_joints(files):
    clean, noisy = (
        DATASETS.build(
            dict(
                type='ActionWindowDataset',
                path=str(files[0]),
                dictionary=str(files[1]),
                noise=noise,
            )
        )
        for noise in (None, dict(jitter=0.2, lost=0.0))
    )
    torch.manual_seed(0)
    still = clean[1]['pose'][:, 16]  # no motion has this joint turn
    assert torch.allclose(still, torch.eye(3), atol=1e-5)
    moved = noisy[1]['pose'][:, 16]
    assert not torch.allclose(moved, torch.eye(3), atol=1e-2)
