"""Banks of labelled crops: clusters, files, readers."""

from dataclasses import replace

import cv2
import numpy as np
import pytest
from stand_ins import write_source_bank

from semtta_mm.conventions import keypoint_index
from semtta_mm.datasets.source_bank import (
    SourceBank,
    SourceBankFile,
    TrackSource,
    cluster_features,
    encode_jpeg,
    nearest_cluster,
    read_bank,
    write_bank,
)
from semtta_mm.datasets.track_io import save_track
from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.structures import BodyReference, PersonTrack
from semtta_mm.utils import InputError


@pytest.fixture
def bank():
    rng = np.random.default_rng(0)
    ramp = np.tile(np.arange(0, 160, 5, dtype=np.uint8)[:, None], (1, 32))
    images = [np.dstack([ramp, 0 * ramp + 9 * i, ramp.T]) for i in range(5)]
    return SourceBank(
        name='x',
        jpeg=[encode_jpeg(image) for image in images],
        pose=np.tile(np.eye(3, dtype=np.float32), (5, 24, 1, 1)),
        betas=rng.normal(size=(5, 10)).astype(np.float32),
        joints2d=rng.normal(size=(5, 24, 2)).astype(np.float32),
        visible=rng.random((5, 24)) > 0.5,
        joints3d=rng.normal(size=(5, 24, 3)).astype(np.float32),
        centres=np.eye(2, 8, dtype=np.float32),
        cluster=np.array([0, 1, 1, 0, 1]),
    )


def test_round_trip(bank, tmp_path):
    path = write_bank(bank, tmp_path / 'made' / 'bank.npz')
    again = SourceBankFile(path)()
    assert len(again) == 5 and again.body == 'open'
    for name in ('pose', 'betas', 'joints2d', 'joints3d', 'visible'):
        assert np.array_equal(getattr(again, name), getattr(bank, name))
    assert np.array_equal(again.cluster, bank.cluster)
    assert np.array_equal(again.centres, bank.centres)
    for row in range(5):
        image = again.image(row, 32)
        assert np.array_equal(image, bank.image(row, 32))
        green = image[..., 1].astype(int) - 9 * row  # RGB, not BGR
        assert abs(green.mean()) < 6
    assert bank.image(0, 16).shape == (16, 16, 3)
    assert list(tmp_path.glob('made/.*')) == []


def test_without_clusters_and_joints(bank, tmp_path):
    plain = replace(bank, joints3d=None, centres=None, cluster=None)
    again = read_bank(write_bank(plain, tmp_path / 'bank.npz'))
    assert again.joints3d is None and again.centres is None


@pytest.mark.parametrize(
    ('field', 'change', 'problem'),
    [
        ('pose', lambda a: None, 'is absent'),
        ('pose', lambda a: a[:, :23], 'expected'),
        ('betas', lambda a: a * np.nan, 'NaN'),
        ('joints2d', lambda a: a.astype('U8'), 'expected'),
        ('jpeg_end', lambda a: a[::-1].copy(), 'does not fit'),
        ('jpeg_end', lambda a: a + 1, 'does not fit'),
        ('jpeg', lambda a: a.astype(np.float32), 'bytes'),
        ('cluster', lambda a: np.array([0, 5]), 'without a centre'),
        ('cluster', lambda a: None, 'together'),
        ('jpeg_end', lambda a: a[:0], 'expected|no crop'),
    ],
)
def test_bad_fields_are_named(tmp_path, field, change, problem):
    path = tmp_path / 'bank.npz'
    write_source_bank(path, 'open')
    arrays = dict(np.load(path))
    changed = change(arrays[field])
    if changed is None:
        del arrays[field]
    else:
        arrays[field] = changed
    np.savez(path, **arrays)
    with pytest.raises(InputError, match=problem):
        read_bank(path)


def test_bad_files(bank, tmp_path):
    with pytest.raises(InputError, match='does not exist'):
        read_bank(tmp_path / 'none.npz')
    (tmp_path / 'text.npz').write_text('no')
    with pytest.raises(InputError, match='cannot be read'):
        read_bank(tmp_path / 'text.npz')
    pickled = np.array([{}], dtype=object)
    np.savez(tmp_path / 'pickled.npz', jpeg=pickled)
    with pytest.raises(InputError, match='cannot be read'):
        read_bank(tmp_path / 'pickled.npz')
    with pytest.raises(InputError, match='npz'):
        write_bank(bank, tmp_path / 'bank.txt')
    broken = replace(bank, jpeg=[np.zeros(9, np.uint8)] * 5)
    with pytest.raises(InputError, match='crop 2 cannot be decoded'):
        broken.image(2, 32)


def test_the_body_must_be_the_same(bank):
    bank.check_body(is_open=True)
    with pytest.raises(InputError, match='shapes differ'):
        bank.check_body(is_open=False)


def test_clusters_of_directions():
    """Three directions, whatever the lengths."""
    rng = np.random.default_rng(0)
    axes = np.eye(3, 6)
    which = np.arange(60) % 3
    scale = rng.uniform(0.1, 50, (60, 1))
    rows = scale * (axes[which] + rng.normal(0, 0.01, (60, 6)))
    centres, cluster = cluster_features(rows, 3)
    assert centres.shape == (3, 6)
    assert np.allclose(np.linalg.norm(centres, axis=1), 1, atol=1e-6)
    for k in range(3):
        assert len(set(cluster[which == k])) == 1
    assert len(set(cluster)) == 3


def test_no_cluster_is_empty():
    centres, cluster = cluster_features(np.ones((4, 3)), 3)
    assert set(cluster) == set(range(len(centres)))
    centres, cluster = cluster_features(np.eye(2), 50)
    assert len(centres) == 2


def test_nearest_cluster_is_by_direction(bank):
    """The second centre is nearer by angle, the first by distance."""
    query = np.zeros(8)
    query[:2] = 0.05, 0.1
    assert nearest_cluster(query, bank) == 1
    assert nearest_cluster(-query, bank) == 0
    assert bank.members(1).tolist() == [1, 2, 4]
    assert bank.members(0).tolist() == [0, 3]


@pytest.fixture
def labelled(tmp_path):
    folder = tmp_path / 'images'
    folder.mkdir()
    for i in range(6):
        image = np.full((60, 80, 3), 40 * i, np.uint8)
        cv2.imwrite(str(folder / f'{i:03d}.png'), image)
    pose = np.zeros((6, 24, 3))
    pose[:, 3, 0] = np.arange(6) / 10
    return PersonTrack(
        name='a',
        frame_ids=np.arange(6),
        fps=50.0,
        boxes=np.tile([20.0, 10, 60, 50], (6, 1)),
        keypoints=np.tile([40.0, 54], (6, 17, 1)),
        scores=np.ones((6, 17)),
        convention='coco_17',
        video=folder,
        reference=BodyReference(pose=pose, betas=np.ones((6, 10))),
    )


def test_labelled_tracks_are_a_source(labelled, tmp_path):
    save_track(tmp_path / 'tracks' / 'a.npz', labelled)
    reader = dict(type='NpzTrackReader', keypoints=str(tmp_path / 'tracks'))
    bank = TrackSource(reader, count=3, input_size=32)()
    assert len(bank) == 3 and bank.body == 'smpl' and bank.joints3d is None
    levels = [bank.image(row, 32).mean() for row in range(3)]
    assert levels == sorted(levels)
    want = axis_angle_to_matrix_of(labelled)[[0, 2, 5]]
    assert np.allclose(bank.pose, want, atol=1e-5)
    knee, head = keypoint_index('smpl_24', ['left_knee', 'head'])
    assert bank.visible[:, knee].all() and not bank.visible[:, head].any()
    # The box of 40 px times 1.2 has its centre at (40, 30).
    assert np.allclose(bank.joints2d[:, knee], [0, 1], atol=1e-5)
    again = read_bank(write_bank(bank, tmp_path / 'bank.npz'))
    assert again.body == 'smpl'


def axis_angle_to_matrix_of(track):
    import torch

    return axis_angle_to_matrix(torch.from_numpy(track.reference.pose)).numpy()


def test_sources_need_labels(labelled, tmp_path):
    track = replace(labelled, reference=None)
    save_track(tmp_path / 'tracks' / 'a.npz', track)
    reader = dict(type='NpzTrackReader', keypoints=str(tmp_path / 'tracks'))
    with pytest.raises(InputError, match='no SMPL pose'):
        TrackSource(reader)()
    with pytest.raises(InputError, match='count'):
        TrackSource(reader, count=0)
