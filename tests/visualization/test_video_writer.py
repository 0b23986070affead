import warnings

import av
import cv2
import numpy as np
import pytest
from video_files import level_frame, write_film

from semtta_mm.datasets import read_frames, video_info
from semtta_mm.datasets.video import frame_times
from semtta_mm.utils import InputError
from semtta_mm.visualization import VideoWriter, video_writer
from semtta_mm.visualization.timing import timing

SIZE = (96, 64)


def write(path, count=12, size=SIZE, times=None, fps=30.0, **options):
    with VideoWriter(path, fps, **options) as writer:
        for i in range(count):
            image = level_frame(i, size)
            writer.write(image, None if times is None else times[i])
    return path


def sound(path):
    """Samples of a file's sound ``[N]`` in [-1, 1], and their rate."""
    with av.open(str(path)) as file:
        parts = [
            frame.to_ndarray()[0]
            for frame in file.decode(file.streams.audio[0])
        ]
        return np.concatenate(parts), file.streams.audio[0].rate


def test_browsers_play_it(tmp_path):
    path = write(tmp_path / 'a.mp4')
    with av.open(str(path)) as file:
        context = file.streams.video[0].codec_context
        assert context.name == 'h264'
        assert context.pix_fmt == 'yuv420p'
        assert not file.streams.audio
    data = path.read_bytes()
    assert data.index(b'moov') < data.index(b'mdat')


def test_colours_and_sides_survive(tmp_path):
    image = np.zeros((64, 96, 3), np.uint8)
    image[:, :48], image[:, 48:] = (200, 40, 90), (30, 180, 60)
    with VideoWriter(tmp_path / 'a.mp4', 30) as writer:
        for _ in range(3):
            writer.write(image)
    for _, found in read_frames(writer.path, np.arange(3)):
        difference = np.abs(found.astype(int) - image)
        assert difference[:, :44].max() < 6
        assert difference[:, 52:].max() < 6


@pytest.mark.parametrize('size', [(97, 64), (96, 63), (95, 61), (1, 1)])
def test_odd_sides_get_one_more_pixel(tmp_path, size):
    path = write(tmp_path / 'a.mp4', size=size)
    info = video_info(path)
    assert (info.width, info.height) == tuple(n + n % 2 for n in size)
    ((_, image),) = read_frames(path, np.array([5]))
    if min(size) > 50:
        np.testing.assert_allclose(image[40:, 60:], 40, atol=3)


@pytest.mark.parametrize('fps', [29.97, 30000 / 1001, 12.5, 1, 60])
def test_rates_are_not_rounded(tmp_path, fps):
    info = video_info(write(tmp_path / 'a.mp4', 5, fps=fps))
    assert info.fps == pytest.approx(fps, rel=1e-4)
    assert info.frame_count == 5


def test_times_of_frames_are_kept(tmp_path):
    times = np.cumsum([0, 0.1, 0.02, 0.02, 0.3, 0.1, 0.02, 0.4])
    path = write(tmp_path / 'a.mp4', 8, times=times, fps=8)
    np.testing.assert_allclose(frame_times(path), times, atol=1e-4)
    assert video_info(path).variable_rate


@pytest.mark.parametrize(
    ('name', 'codec'), [('a.mp4', 'aac'), ('a.mkv', 'ac3'), ('a.avi', 'mp3')]
)
def test_sound_is_kept_in_step(tmp_path, name, codec):
    """The tone ends at 1 s; the copy starts at 0.5 s."""
    source = write_film(tmp_path / name, 60, sound=codec, seconds=1.0)
    path = write(tmp_path / 'o.mp4', 45, audio=source, start=0.5)
    wave, rate = sound(path)
    with av.open(str(path)) as file:
        name = file.streams.audio[0].codec_context.codec.canonical_name
        assert name == ('aac' if codec == 'ac3' else codec)
    loud = np.abs(wave.astype(float)).reshape(-1)
    loud = np.flatnonzero(loud > 0.3 * loud.max()) / rate
    assert loud[0] < 0.1
    assert loud[-1] == pytest.approx(0.5, abs=0.08)
    # 440 periods a second, in the half second that is left.
    signs = np.diff(
        np.sign(wave.astype(float)[int(0.1 * rate) :][: rate // 4])
    )
    assert (signs > 0).sum() == pytest.approx(110, abs=3)


def test_sound_does_not_outlast_the_frames(tmp_path):
    source = write_film(tmp_path / 's.mp4', 30, sound='aac', seconds=3.0)
    path = write(tmp_path / 'o.mp4', 30, audio=source)
    with av.open(str(path)) as file:
        assert file.duration / 1e6 == pytest.approx(1.0, abs=0.06)


@pytest.mark.parametrize('kind', ['silent', 'folder', 'text', 'nothing'])
def test_without_sound(tmp_path, kind):
    source = tmp_path / 's.mp4'
    if kind == 'silent':
        write_film(source)
    elif kind == 'folder':
        source.mkdir()
    elif kind == 'text':
        source.write_text('no video')
    path = write(tmp_path / 'o.mp4', audio=source)
    assert not video_info(path).has_audio


def test_an_error_leaves_the_earlier_file(tmp_path):
    path = write(tmp_path / 'a.mp4', 4)
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt), VideoWriter(path, 30) as writer:
        writer.write(level_frame(0, SIZE))
        raise KeyboardInterrupt
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ['a.mp4']


def test_a_path_that_cannot_be_written(tmp_path):
    (tmp_path / 'file').write_text('')
    for path in (tmp_path / 'a.unknown', tmp_path / 'a'):
        with pytest.raises(InputError, match='file: cannot be written'):
            write(path)
    with pytest.raises(ValueError, match='codec: is'):
        VideoWriter(tmp_path / 'a.mp4', 30, codec='h265')


def test_opencv_writes_without_pyav_and_warns_once(tmp_path, monkeypatch):
    monkeypatch.setattr(video_writer, 'find_module', lambda name: None)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('default')
        for name in 'ab':
            path = write(tmp_path / f'{name}.mp4', 5)
    (warning,) = caught
    assert "pip install 'semtta_mm[video]'" in str(warning.message)
    capture = cv2.VideoCapture(str(path))
    assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == 5
    with av.open(str(path)) as file:
        assert file.streams.video[0].codec_context.name == 'mpeg4'


def test_mp4v_can_be_asked_for(tmp_path):
    path = write(tmp_path / 'a.mp4', codec='mp4v')
    with av.open(str(path)) as file:
        assert file.streams.video[0].codec_context.name == 'mpeg4'


def test_timing_of_a_plain_film_with_sound(tmp_path):
    video = write_film(tmp_path / 's.mp4', 30, sound='aac')
    found = timing(video, np.arange(6, 20), 30.0)
    assert (found.fps, found.times, found.audio) == (30.0, None, video)
    assert found.start == pytest.approx(0.2)
    assert timing(video, np.arange(6, 20, 2), 30.0, 2).fps == 15.0
    assert timing(video, np.arange(6, 20, 2), 30.0, 2).audio == video


def test_timing_without_sound(tmp_path):
    video = write_film(tmp_path / 's.mp4', 30, sound='aac')
    assert timing(video, np.array([1, 2, 5]), 30.0).audio is None
    assert timing(video, np.arange(5), 120.0).audio is None
    assert timing(tmp_path, np.arange(5), 30.0).audio is None


def test_timing_of_a_variable_rate(tmp_path):
    times = np.cumsum(np.r_[0, np.tile([0.03, 0.03, 0.2], 6)])
    video = write_film(tmp_path / 'v.mp4', 19, times=times)
    fps = video_info(video).fps
    found = timing(video, np.arange(3, 12), fps)
    np.testing.assert_allclose(found.times, times[3:12] - times[3], atol=1e-3)
    assert found.at(0) == 0
    assert found.start == pytest.approx(times[3], abs=1e-3)
