import cv2
import numpy as np
import pytest

from semtta_mm.datasets import read_frames, video_info
from semtta_mm.datasets.video import list_images, natural_key
from semtta_mm.utils import InputError


def write_images(folder, names):
    """Grey image i is 20 i."""
    folder.mkdir()
    for i, name in enumerate(names):
        image = np.full((64, 96, 3), 20 * i, np.uint8)
        cv2.imwrite(str(folder / name), image)
    return folder


def levels(frames):
    return {number: round(image.mean() / 20) for number, image in frames}


def test_info_of_a_video(video):
    info = video_info(video)
    assert (info.width, info.height) == (96, 64)
    assert (info.fps, info.frame_count) == (25.0, 10)


def test_info_of_a_folder_has_no_rate(tmp_path):
    info = video_info(write_images(tmp_path / 'f', ['a1.png', 'a2.png']))
    assert (info.width, info.height, info.frame_count) == (96, 64, 2)
    assert info.fps is None


def test_frames_come_by_number(video):
    ids = np.array([9, 2, 2, 5])
    assert levels(read_frames(video, ids)) == {2: 2, 5: 5, 9: 9}
    assert levels(read_frames(video, np.array([], int))) == {}


@pytest.fixture
def calls(monkeypatch):
    """Names of what was called on captures (a sub-class would crash cv2)."""
    names, real = [], cv2.VideoCapture
    turning = cv2.CAP_PROP_ORIENTATION_AUTO

    class Spy:
        def __init__(self, path):
            self.capture = real(path)

        def set(self, what, value):
            assert what == turning  # and not the position
            return self.capture.set(what, value)

        def __getattr__(self, name):
            names.append(name)
            return getattr(self.capture, name)

    monkeypatch.setattr(cv2, 'VideoCapture', Spy)
    return names


def test_only_wanted_frames_are_converted_and_none_sought(video, calls):
    list(read_frames(video, np.array([2, 5])))
    assert calls.count('grab') == 6
    assert calls.count('retrieve') == 2
    assert calls[-1] == 'release'
    assert 'read' not in calls


def test_capture_is_released_when_the_reader_stops_early(video, calls):
    frames = read_frames(video, np.array([1, 2, 3]))
    next(frames)
    assert 'release' not in calls
    frames.close()
    assert calls[-1] == 'release'


def test_folder_is_in_natural_order(tmp_path):
    names = ['img2.png', 'img10.png', 'img9.png', 'img010.jpg']
    assert sorted(names, key=natural_key)[:2] == ['img2.png', 'img9.png']
    folder = write_images(tmp_path / 'f', ['img9.png', 'img10.png'])
    (folder / 'notes.txt').write_text('')
    assert levels(read_frames(folder, np.array([0, 1]))) == {0: 0, 1: 1}
    assert [p.name for p in list_images(folder)] == ['img9.png', 'img10.png']


def test_folder_by_numbers_in_names(tmp_path):
    folder = write_images(tmp_path / 'f', ['x_10.png', 'x_20.png'])
    found = levels(read_frames(folder, np.array([10, 20]), 'name'))
    assert found == {10: 0, 20: 1}


@pytest.mark.parametrize(
    ('frame', 'problem'),
    [(10, 'the video has 10 frames'), (500, '10 frames'), (-1, 'negative')],
)
def test_a_missing_frame(video, frame, problem):
    with pytest.raises(InputError, match=problem) as error:
        list(read_frames(video, np.array([3, frame])))
    assert error.value.field == f'frame {frame}'
    assert error.value.source == str(video)


def test_a_missing_image(tmp_path):
    folder = write_images(tmp_path / 'f', ['a0.png', 'a1.png'])
    with pytest.raises(InputError, match='the video has 2 frames'):
        list(read_frames(folder, np.array([2])))


def test_bad_sources(tmp_path):
    with pytest.raises(InputError, match='does not exist'):
        video_info(tmp_path / 'no.mp4')
    text = tmp_path / 'text.mp4'
    text.write_text('no video')
    with pytest.raises(InputError, match='cannot be opened'):
        video_info(text)
    empty = tmp_path / 'empty'
    empty.mkdir()
    with pytest.raises(InputError, match='has no image'):
        video_info(empty)
    with pytest.raises(InputError, match='does not exist'):
        list_images(tmp_path / 'nowhere')
    (empty / 'a1.png').write_text('no image')
    with pytest.raises(InputError, match='image: cannot be read'):
        video_info(empty)


@pytest.mark.parametrize(
    ('names', 'problem'),
    [(['a.png'], 'has no number'), (['a1.png', 'b1.png'], 'same number')],
)
def test_names_without_unique_numbers(tmp_path, names, problem):
    folder = write_images(tmp_path / 'f', names)
    with pytest.raises(InputError, match=problem):
        list(read_frames(folder, np.array([1]), 'name'))
