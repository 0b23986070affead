import shutil
from dataclasses import fields, replace

import numpy as np
import pytest

from semtta_mm.detection import (
    Detector2D,
    cache_key,
    detect_cached,
    load_result,
    save_result,
)
from semtta_mm.utils import InputError


class Recorder(Detector2D):
    """Returns a given result and counts its calls."""

    def __init__(self, result, **settings):
        self.result, self.values, self.calls = result, settings, 0

    def settings(self):
        return self.values

    def detect(self, video, frames=None, progress=None, fps=None):
        self.calls += 1
        return self.result


def same(first, second):
    for item in fields(first):
        np.testing.assert_array_equal(
            getattr(first, item.name), getattr(second, item.name), item.name
        )


def test_round_trip(result, tmp_path):
    path = save_result(tmp_path / 'new' / 'a.npz', result)
    same(load_result(path), result)
    assert [p.name for p in path.parent.iterdir()] == ['a.npz']


def test_round_trip_without_3d(result, tmp_path):
    flat = replace(result, world=None)
    assert load_result(save_result(tmp_path / 'a.npz', flat)).world is None


def test_second_time_nothing_is_detected(result, video, tmp_path):
    detector = Recorder(result, level=3)
    for _ in range(2):
        found = detect_cached(detector, video, tmp_path / 'kept')
        same(found, result)
    assert detector.calls == 1
    copy = shutil.copy(video, tmp_path / 'kept' / 'ramp.avi')
    detect_cached(detector, tmp_path / 'kept' / 'ramp.avi', tmp_path / 'kept')
    assert detector.calls == 1, copy


def test_key_depends_on_video_settings_frames_and_rate(video, tmp_path):
    other = tmp_path / 'other.avi'
    other.write_bytes(video.read_bytes() + b'x')
    keys = [
        cache_key(video, {'a': 1}),
        cache_key(other, {'a': 1}),
        cache_key(video, {'a': 2}),
        cache_key(video, {'a': 1}, slice(0, None, 2)),
        cache_key(video, {'a': 1}, fps=12.0),
    ]
    assert len(set(keys)) == len(keys)
    assert cache_key(video, {'a': 1}, slice(0, None)) == keys[0]


def test_key_of_a_folder_depends_on_its_images(tmp_path):
    (tmp_path / '1.png').write_bytes(b'1')
    first = cache_key(tmp_path, {})
    (tmp_path / '2.png').write_bytes(b'1')
    assert cache_key(tmp_path, {}) != first


def test_key_of_no_video(tmp_path):
    with pytest.raises(InputError, match='no.mp4: file: does not exist'):
        cache_key(tmp_path / 'no.mp4', {})


def test_truncated_cache_is_named(result, video, tmp_path):
    detector = Recorder(result)
    detect_cached(detector, video, tmp_path / 'kept')
    (path,) = (tmp_path / 'kept').iterdir()
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(InputError, match='cannot be read .* delete the file'):
        detect_cached(detector, video, tmp_path / 'kept')
    assert detector.calls == 1


def test_cache_of_something_else_is_refused(result, video, tmp_path):
    path = save_result(tmp_path / 'a.npz', result, cache_key(video, {}))
    with pytest.raises(InputError, match=r'a\.npz: key: .* is not'):
        load_result(path, cache_key(video, {'other': True}))


def rewrite(path, **changes):
    with np.load(path) as data:
        values = {**data, **changes}
    np.savez(path, **{k: v for k, v in values.items() if v is not None})


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'schema': 'other/1'}, "schema: 'other/1' is not"),
        ({'keypoints': None}, 'keypoints: is absent'),
        ({'scores': np.zeros((4, 17))}, 'scores: expected'),
        ({'world': np.full((4, 33, 3), np.nan)}, 'world: contains NaN'),
        ({'image_size': np.zeros(3)}, 'image_size: too many values'),
        ({'fps': np.array('fast')}, 'fps: could not convert'),
        ({'fps': np.array(-1.0)}, 'fps: must be positive'),
        ({'convention': 'x'}, "convention: unknown keypoint conv.* 'x'"),
    ],
)
def test_wrong_cache_names_its_field(result, tmp_path, changes, message):
    path = save_result(tmp_path / 'a.npz', result)
    rewrite(path, **changes)
    with pytest.raises(InputError, match=f'a.npz: {message}'):
        load_result(path)


def test_pickled_content_is_never_run(result, tmp_path):
    path = save_result(tmp_path / 'a.npz', result)
    rewrite(path, world=np.array([{}], dtype=object))
    with pytest.raises(InputError, match='world: cannot be read'):
        load_result(path)
