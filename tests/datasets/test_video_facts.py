"""What a video's file says about itself, and what is made of it."""

import tracemalloc

import cv2
import numpy as np
import pytest
from video_files import cut, noise_frame, write_film

from semtta_mm.datasets import read_frames, video_info, video_scan
from semtta_mm.datasets.video import frame_times, video_notes
from semtta_mm.datasets.video_info import measured_rate
from semtta_mm.detection.frames import checked_slice, iterate_frames
from semtta_mm.utils import InputError
from semtta_mm.utils.package_data import cache_dir

BURSTS = np.cumsum(
    [0.0] + [3 / 30 if i % 10 > 6 else 1 / 30 for i in range(19)]
)
"""Six frames at 30 a second, then some at 10."""


@pytest.fixture(params=['with', 'without'])
def library(request, monkeypatch):
    """Runs a test with PyAV and with OpenCV alone."""
    video_scan._scan.cache_clear()
    if request.param == 'without':
        monkeypatch.setattr(video_scan, 'find_module', lambda name: None)
    yield request.param
    video_scan._scan.cache_clear()


def plainly(path):
    """All frames as OpenCV gives them."""
    capture = cv2.VideoCapture(str(path))
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 0)
    images = []
    while (found := capture.read())[0]:
        images.append(found[1])
    return images


def test_an_ordinary_file_is_read_as_before(tmp_path, library):
    path = write_film(tmp_path / 'a.mp4', sound='aac', fps=25)
    info = video_info(path)
    assert (info.width, info.height, info.frame_count) == (96, 64, 20)
    assert info.fps == info.stated_fps == 25
    assert (info.rotation, info.variable_rate, info.truncated) == (0, 0, 0)
    assert info.has_audio is (True if library == 'with' else None)
    assert video_notes(info) == []
    wanted = plainly(path)
    for i, image in read_frames(path, np.arange(20)):
        np.testing.assert_array_equal(image, wanted[i])


@pytest.mark.parametrize(
    ('turn', 'corner'), [(90, (0, -1)), (180, (-1, -1)), (270, (-1, 0))]
)
def test_a_rotation_flag_turns_size_and_frames(tmp_path, turn, corner):
    path = write_film(tmp_path / 'phone.mp4', rotation=turn)
    info = video_info(path)
    size = (96, 64) if turn == 180 else (64, 96)
    assert (info.width, info.height) == size
    assert info.rotation == turn
    ((_, image),) = read_frames(path, np.array([3]))
    assert image.shape[1::-1] == size
    # The white corner, at the top left in the file, is where players show it.
    assert image[corner].min() > 230
    assert (image > 200).mean() < 0.1
    ((_, same),) = iterate_frames(path, checked_slice(slice(3, 4)), info)
    np.testing.assert_array_equal(same, image)
    (note,) = video_notes(info)
    assert f'{turn} degrees clockwise, to {size[0]} x {size[1]} px' in note


def test_a_variable_rate_is_recognised(tmp_path, library):
    path = write_film(tmp_path / 'v.mp4', times=BURSTS)
    info = video_info(path)
    assert info.variable_rate
    assert info.frame_count == 20
    assert info.fps == pytest.approx(19 / BURSTS[-1], rel=1e-3)
    np.testing.assert_allclose(frame_times(path), BURSTS, atol=2e-3)
    (note,) = video_notes(info)
    assert 'frame rate varies' in note
    assert f'{info.fps:.4g} frames/s' in note


def test_frames_of_a_variable_rate_are_counted_as_decoded(tmp_path):
    path = write_film(tmp_path / 'v.mp4', times=BURSTS)
    wanted = plainly(path)
    for i, image in read_frames(path, np.array([2, 9, 19])):
        np.testing.assert_array_equal(image, wanted[i])


@pytest.mark.parametrize('suffix', ['mp4', 'mkv'])
def test_a_cut_file_is_read_to_the_break(tmp_path, library, suffix):
    whole = write_film(
        tmp_path / f'w.{suffix}', 90, fast_start=True, image=noise_frame
    )
    assert not video_info(whole).truncated
    path = cut(whole, tmp_path / f'c.{suffix}', 0.5)
    info = video_info(path)
    assert info.truncated
    assert 30 < info.frame_count < 60
    found = [i for i, _ in iterate_frames(path, checked_slice(None), info)]
    assert found == list(range(info.frame_count))
    (note,) = video_notes(info)
    assert f'{info.frame_count} of ' in note
    assert 'cut off' in note
    with pytest.raises(InputError, match=f'has {info.frame_count} frames'):
        list(read_frames(path, np.array([info.frame_count])))


def test_an_mp4_without_its_index_says_so(tmp_path):
    path = cut(write_film(tmp_path / 'w.mp4'), tmp_path / 'c.mp4', 0.5)
    with pytest.raises(InputError, match='cut off before its index'):
        video_info(path)


def test_one_frame_and_a_unicode_path(tmp_path, library):
    path = write_film(tmp_path / 'Übung 走る.mp4', 1)
    info = video_info(path)
    assert (info.frame_count, info.fps) == (1, 30)
    assert video_notes(info) == []
    assert len(list(read_frames(path, np.array([0])))) == 1


def test_gif(tmp_path, library):
    Image = pytest.importorskip('PIL.Image')
    images = [
        Image.fromarray(np.full((40, 60, 3), 20 * i, np.uint8))
        for i in range(6)
    ]
    path = tmp_path / 'a.gif'
    images[0].save(path, save_all=True, append_images=images[1:], duration=80)
    info = video_info(path)
    assert (info.width, info.height, info.frame_count) == (60, 40, 6)
    assert info.fps == pytest.approx(12.5, rel=0.01)
    assert not info.variable_rate
    levels = [image.mean() / 20 for _, image in read_frames(path, range(6))]
    np.testing.assert_allclose(levels, range(6), atol=0.15)


@pytest.mark.parametrize(
    ('times', 'stated', 'fps', 'varies'),
    [
        (np.arange(90) / 25, 25.0, 25.0, False),
        (np.round(np.arange(90) / 30, 3), 30.0, 30.0, False),  # ms, as in mkv
        (np.arange(90) / 30, 1000.0, 30.0, False),  # as browsers record
        (np.arange(90) / 30, None, 30.0, False),
        (np.r_[0:45, 60:105] / 30, 30.0, 89 / 104 * 30, True),
        (None, 25.0, 25.0, False),
        (np.zeros(1), 25.0, 25.0, False),
    ],
)
def test_rate_by_hand(times, stated, fps, varies):
    found, variable, error = measured_rate(times, stated)
    assert found == pytest.approx(fps)
    assert variable is varies
    assert error * fps > 0.5 if varies else error * fps <= 0.5


def test_a_wrong_rate_in_the_header_is_noted(tmp_path):
    info = video_info(write_film(tmp_path / 'a.mp4'))
    wrong = type(info)(**{**vars(info), 'stated_fps': 1000.0})
    (note,) = video_notes(wrong)
    assert 'states 1000 frames/s' in note
    assert 'give 30' in note


def test_a_changed_file_is_scanned_again(tmp_path):
    path = write_film(tmp_path / 'a.mp4', 20)
    assert video_info(path).frame_count == 20
    write_film(path, 7)
    assert video_info(path).frame_count == 7


def test_memory_does_not_grow_with_the_length(tmp_path):
    path = write_film(tmp_path / 'long.mp4', 40, size=(640, 360))
    frame = 640 * 360 * 3
    tracemalloc.start()
    for _ in read_frames(path, np.arange(40)):
        pass
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert frame < peak < 5 * frame  # of 40


def test_clips_of_the_demo_are_read_as_before():
    """Where they are cached: nothing is fetched here."""
    clips = sorted(cache_dir().glob('packages/*/cam0?.mp4'))
    if not clips:
        pytest.skip("the demo's clips are not in the cache")
    for clip in clips:
        info = video_info(clip)
        assert (info.fps, info.frame_count, info.rotation) == (60, 100, 0)
        capture = cv2.VideoCapture(str(clip))
        for i, image in read_frames(clip, np.arange(6)):
            np.testing.assert_array_equal(image, capture.read()[1], str(i))
