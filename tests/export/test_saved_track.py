import numpy as np
import pytest
from saved_tracks import make_arrays, write_run

from semtta_mm.export.saved_track import (
    SavedTrack,
    read_saved_tracks,
)
from semtta_mm.utils import InputError


def test_a_work_directory_and_a_track_folder(tmp_path):
    run = write_run(tmp_path / 'run', ('b', 'a'), before=True)
    labels = [track.label for track in read_saved_tracks(run)]
    assert labels == ['a', 'a before', 'b', 'b before']
    assert [t.name for t in read_saved_tracks(run / 'b')] == ['b', 'b']


def test_values_are_those_of_the_file(tmp_path):
    run = write_run(tmp_path / 'run', gap=3)
    (track,) = read_saved_tracks(run)
    arrays = make_arrays(gap=3)
    assert np.allclose(track.seconds, arrays['frame_ids'] / 25)
    pose = np.c_[arrays['global_orient'], arrays['body_pose']]
    found = track.params.axis_angle().numpy().reshape(len(pose), -1)
    turns = np.linalg.norm(found.reshape(-1, 3), axis=1)
    assert np.allclose(found[:, 3:], pose[:, 3:], atol=1e-4)
    assert (turns <= np.pi + 1e-4).all()
    assert np.allclose(track.params.transl, arrays['transl'])


def test_one_shape_is_the_mean():
    arrays = make_arrays(frames=2)
    arrays['betas'] = np.stack([np.full(10, 1.0), np.full(10, 2.0)])
    track = SavedTrack.from_arrays('a', arrays)
    assert np.allclose(track.one_shape().betas, 1.5)


@pytest.mark.parametrize(
    ('field', 'value', 'problem'),
    [
        ('transl', np.zeros((4, 3)), r'expected \[5, 3\], got \[4, 3\]'),
        ('betas', np.full((5, 10), np.nan), 'NaN'),
        ('frame_ids', np.array([0, 1, 1, 2, 3]), 'is not increasing'),
        ('frame_ids', np.arange(5) - 1, 'negative'),
        ('fps', np.asarray(0.0), 'is 0.0'),
    ],
)
def test_bad_arrays(field, value, problem):
    with pytest.raises(InputError, match=problem) as error:
        SavedTrack.from_arrays('a', make_arrays() | {field: value})
    assert error.value.field == field


def test_absent_array_and_no_result(tmp_path):
    arrays = make_arrays()
    del arrays['transl']
    with pytest.raises(InputError, match='transl: is absent'):
        SavedTrack.from_arrays('a', arrays)
    with pytest.raises(InputError, match='has no result.npz'):
        read_saved_tracks(tmp_path)
    with pytest.raises(InputError, match='does not exist'):
        read_saved_tracks(tmp_path / 'x')
