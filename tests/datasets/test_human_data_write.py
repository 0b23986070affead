"""Tracks to HumanData and back, with mmhuman3d's own class between."""

from dataclasses import replace
from importlib.util import find_spec

import numpy as np
import pytest
from dataset_stand_ins import write_images

from semtta_mm.compat.mmhuman3d import import_mmhuman3d
from semtta_mm.conventions import (
    convert_keypoints,
    human_data_slots,
    keypoint_names,
)
from semtta_mm.datasets import HumanDataReader, write_human_data
from semtta_mm.structures import BodyReference, PersonTrack
from semtta_mm.utils import InputError

needs_mmhuman3d = pytest.mark.skipif(
    find_spec('mmhuman3d') is None, reason='mmhuman3d is not installed'
)


def a_track(folder, name, frames=(3, 4, 6), seed=0, **changes):
    rng = np.random.default_rng(seed)
    t = len(frames)
    values = {
        'name': name,
        'frame_ids': np.array(frames),
        'fps': 30.0,
        'boxes': np.array([[10.0, 20, 50, 90]]) + rng.uniform(0, 5, (t, 1)),
        'keypoints': rng.uniform(5, 60, (t, 25, 2)),
        'scores': rng.uniform(0.4, 1, (t, 25)),
        'convention': 'openpose_25',
        'video': folder,
        'numbering': 'name',
        'intrinsics': np.tile(
            [[80.0, 0, 32], [0, 81, 18], [0, 0, 1]], (t, 1, 1)
        ),
        'reference': BodyReference(
            pose=rng.normal(0, 0.3, (t, 24, 3)),
            betas=rng.normal(0, 1, (t, 10)),
            transl=rng.normal(0, 1, (t, 3)),
            gender='female',
            valid=np.arange(t) != 1,
        ),
    }
    return PersonTrack(**(values | changes))


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / 'set' / 'walk.1'
    write_images(folder, [f'img_{n:05d}.jpg' for n in range(8)])
    return folder


def test_writing_and_reading_keeps_the_tracks(tmp_path, folder):
    # Two people at one place: only their names differ.
    tracks = [a_track(folder, 'one'), a_track(folder, 'two', (3, 6), 1)]
    path = write_human_data(tracks, tmp_path / 'out' / 'a.npz', '3dpw')
    again = HumanDataReader(path, folder.parent)()
    assert [t.name for t in again] == ['one', 'two']
    for mine, theirs in zip(again, tracks, strict=True):
        assert mine.frame_ids.tolist() == theirs.frame_ids.tolist()
        assert (mine.fps, mine.video) == (30.0, folder)
        np.testing.assert_allclose(mine.boxes, theirs.boxes, rtol=1e-5)
        np.testing.assert_allclose(mine.intrinsics, theirs.intrinsics)
        points, scores = convert_keypoints(
            mine.keypoints, mine.scores, mine.convention, 'coco_17'
        )
        expected, sure = convert_keypoints(
            theirs.keypoints, theirs.scores, theirs.convention, 'coco_17'
        )
        np.testing.assert_allclose(points, expected, rtol=1e-5)
        np.testing.assert_allclose(scores, sure, rtol=1e-5)
        for field in ('pose', 'betas', 'transl'):
            np.testing.assert_allclose(
                getattr(mine.reference, field),
                getattr(theirs.reference, field),
                rtol=1e-5,
            )
        assert mine.reference.gender == 'female'
        valid = theirs.reference.valid
        assert mine.reference.valid.tolist() == valid.tolist()


@needs_mmhuman3d
def test_mmhuman3d_loads_it(tmp_path, folder):
    tracks = [a_track(folder, 'one'), a_track(folder, 'two', (3, 6), 1)]
    path = write_human_data(tracks, tmp_path / 'a.npz', '3dpw')
    kind = import_mmhuman3d('data.data_structures.human_data').HumanData
    data = kind.fromfile(str(path))
    assert data.data_len == 5
    assert data['config'] == '3dpw'
    assert data['image_path'][0] == 'walk.1/img_00003.jpg'
    assert data['bbox_xywh'].shape == (5, 5)
    assert data['keypoints2d'].shape == (5, 190, 3)
    assert data['keypoints2d_mask'].sum() == 25
    assert data['smpl']['body_pose'].shape == (5, 23, 3)
    assert data['smpl']['global_orient'].shape == (5, 3)
    # Its own classes take it further: compressed, dumped and read by us.
    data.compress_keypoints_by_mask()
    data.dump(str(tmp_path / 'b.npz'))
    one, two = HumanDataReader(tmp_path / 'b.npz')()
    assert (len(one), len(two)) == (3, 2)


@needs_mmhuman3d
@pytest.mark.parametrize(
    ('ours', 'theirs'),
    [
        ('coco_17', 'coco'),
        ('openpose_25', 'openpose_25'),
        ('smpl_24', 'smpl'),
        ('mpi_inf_3dhp_17', 'mpi_inf_3dhp_test'),
    ],
)
def test_keypoints_are_in_the_slots_of_mmhuman3d(ours, theirs):
    convert = import_mmhuman3d(
        'core.conventions.keypoints_mapping'
    ).convert_kps
    names = keypoint_names(ours)
    points = np.arange(1.0, len(names) + 1)[None, :, None].repeat(3, axis=2)
    full, mask = convert(points, src=theirs, dst='human_data')
    slots = human_data_slots(ours, names)
    assert len(slots) == len(names)
    for i, slot in slots.items():
        assert full[0, slot, 0] == points[0, i, 0], names[i]
    assert set(np.flatnonzero(mask)) == set(slots.values())


def test_writing_and_reading_keeps_joints(tmp_path, folder):
    joints = np.random.default_rng(2).normal(size=(3, 17, 3))
    seen = np.ones((3, 17), bool)
    seen[1, 4] = False
    reference = BodyReference(
        joints=joints, convention='mpi_inf_3dhp_17', joints_valid=seen
    )
    track = a_track(folder, 'TS1', reference=reference)
    path = write_human_data([track], tmp_path / 'a.npz')
    (again,) = HumanDataReader(path)()
    found = again.reference
    # The 17 slots are Human3.6M's as well, which is how 3DHP is evaluated.
    assert found.convention == 'h36m_17'
    names = keypoint_names('mpi_inf_3dhp_17')
    for name in ('left_knee', 'head_top', 'right_wrist'):
        there = keypoint_names('h36m_17').index(name)
        here = names.index(name)
        np.testing.assert_allclose(
            found.joints[:, there], joints[:, here], rtol=1e-5
        )
    there = keypoint_names('h36m_17').index('h36m_pelvis')
    np.testing.assert_allclose(
        found.joints[:, there], joints[:, names.index('pelvis')], rtol=1e-5
    )
    assert (~found.joints_valid).sum() == 1


def test_videos_are_named_by_their_frames(tmp_path):
    film = tmp_path / 'film.mp4'
    film.touch()
    tracks = [a_track(film, 'a'), a_track(None, 'b')]
    path = write_human_data(tracks, tmp_path / 'a.npz')
    names = np.load(path)['image_path'].tolist()
    assert names[0] == 'film/000003.jpg' and names[3] == 'b/000003.jpg'


@pytest.mark.parametrize(
    ('changes', 'problem'),
    [
        ({'fps': 25.0}, 'fps: tracks differ: 25.0, 30.0'),
        ({'reference': None}, '1 of 2 have none'),
        ({'frame_ids': np.array([3, 4, 60])}, 'frame 60: has no image'),
    ],
)
def test_unsupported_tracks_are_refused(tmp_path, folder, changes, problem):
    one = a_track(folder, 'one')
    other = replace(a_track(folder, 'two'), **changes)
    with pytest.raises(InputError, match=problem):
        write_human_data([one, other], tmp_path / 'a.npz')
    assert not (tmp_path / 'a.npz').exists()


def test_conventions_without_slots(tmp_path, folder):
    track = a_track(
        folder,
        'one',
        keypoints=np.ones((3, 33, 2)),
        scores=np.ones((3, 33)),
        convention='blazepose_33',
    )
    with pytest.raises(InputError, match="not 'blazepose_33'"):
        write_human_data([track], tmp_path / 'a.npz')
    with pytest.raises(InputError, match='does not end in .npz'):
        write_human_data([track], tmp_path / 'a')
