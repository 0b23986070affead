from pathlib import Path

import numpy as np
import pytest

from semtta_mm.datasets import load_track, save_track
from semtta_mm.structures import BodyReference
from semtta_mm.utils import InputError


def full_track(make_track):
    rng = np.random.default_rng(0)
    reference = BodyReference(
        joints=rng.random((3, 12, 3)),
        convention='limbs_12',
        pose=rng.random((3, 24, 3)),
        betas=rng.random((3, 10)),
        transl=rng.random((3, 3)),
        gender='female',
        valid=np.array([True, False, True]),
        joints_valid=rng.random((3, 12)) > 0.5,
    )
    return make_track(
        [2, 4, 8],
        stride=2,
        numbering='name',
        intrinsics=np.tile(np.eye(3), (3, 1, 1)),
        keypoints=rng.random((3, 17, 2)) * 90,
        scores=rng.random((3, 17)),
        reference=reference,
        up=np.tile([0.6, -0.8, 0.0], (3, 1)),
    )


def assert_equal(a, b):
    for name, value in vars(a).items():
        other = getattr(b, name)
        if isinstance(value, BodyReference):
            assert_equal(value, other)
        elif isinstance(value, np.ndarray):
            np.testing.assert_array_equal(value, other, err_msg=name)
            assert value.dtype == other.dtype
        else:
            assert value == other, name


def test_round_trip_of_every_field(make_track, tmp_path):
    track = full_track(make_track)
    path = save_track(tmp_path / 'deep' / 'a.npz', track)
    assert_equal(track, load_track(path))


def test_absent_fields_stay_absent(make_track, tmp_path):
    track = make_track([4], video=None)
    loaded = load_track(save_track(tmp_path / 'a.npz', track))
    assert loaded.video is None
    assert loaded.reference is None
    assert loaded.intrinsics is None
    assert loaded.up is None
    assert len(loaded) == 1


def test_video_is_relative_to_the_file(make_track, tmp_path, video):
    path = save_track(tmp_path / 'tracks' / 'a.npz', make_track())
    with np.load(path, allow_pickle=False) as data:
        assert str(data['video']) == '../clip.mp4'
    moved = tmp_path / 'moved'
    moved.mkdir()
    (tmp_path / 'tracks').rename(moved / 'tracks')
    video.rename(moved / 'clip.mp4')
    loaded = load_track(moved / 'tracks' / 'a.npz')
    assert loaded.video == Path(moved / 'clip.mp4')


def test_file_is_plain_and_leaves_no_draft(make_track, tmp_path):
    path = save_track(tmp_path / 'a.npz', full_track(make_track))
    with np.load(path, allow_pickle=False) as data:
        assert all(not data[key].dtype.hasobject for key in data.files)
        assert data['keypoint_names'][5] == 'left_shoulder'
    assert [p.name for p in tmp_path.glob('*a.npz*')] == ['a.npz']


def rewrite(path, **changes):
    with np.load(path) as data:
        values = {key: data[key] for key in data.files} | changes
    np.savez(path, **{k: v for k, v in values.items() if v is not None})


@pytest.mark.parametrize(
    ('changes', 'field', 'problem'),
    [
        ({'boxes': None}, 'boxes', 'is absent'),
        ({'schema': 'semtta_mm/track/9'}, 'schema', 'is not'),
        ({'convention': 'klingon_9'}, 'convention', 'unknown keypoint'),
        ({'keypoint_names': np.array(['a', 'b'])}, 'keypoint_names', 'those'),
        ({'scores': np.ones((3, 16))}, 'scores', 'expected'),
        ({'frame_ids': np.array([8, 4, 2])}, 'frame_ids', 'increasing'),
        ({'fps': 0.0}, 'fps', 'positive'),
        ({'reference_pose': np.ones((2, 24, 3))}, 'reference.pose', 'expect'),
        ({'reference_gender': 'x'}, 'reference.gender', 'unknown'),
    ],
)
def test_a_bad_field_is_named(make_track, tmp_path, changes, field, problem):
    path = save_track(tmp_path / 'a.npz', full_track(make_track))
    rewrite(path, **changes)
    with pytest.raises(InputError, match=problem) as error:
        load_track(path)
    assert error.value.field == field
    assert error.value.source == str(path)
    assert '\n' not in str(error.value)


def test_missing_and_truncated_files(make_track, tmp_path):
    path = tmp_path / 'a.npz'
    with pytest.raises(InputError, match='does not exist'):
        load_track(path)
    save_track(path, full_track(make_track))
    path.write_bytes(path.read_bytes()[:900])
    with pytest.raises(InputError, match='cannot be read'):
        load_track(path)


def test_objects_raise(make_track, tmp_path):
    path = save_track(tmp_path / 'a.npz', make_track())
    rewrite(path, name=np.array({'a': 1}, dtype=object))
    with pytest.raises(InputError, match='allow_pickle=False') as error:
        load_track(path)
    assert error.value.field == 'name'
