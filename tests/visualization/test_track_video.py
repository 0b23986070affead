import cv2
import numpy as np
import pytest

from semtta_mm.structures import PersonTrack
from semtta_mm.utils import InputError
from semtta_mm.visualization import VideoWriter, draw_track, write_track_video


def read(path):
    capture = cv2.VideoCapture(str(path))
    images = []
    while True:
        good, image = capture.read()
        if not good:
            break
        images.append(image)
    fps = capture.get(cv2.CAP_PROP_FPS)
    capture.release()
    return images, fps


@pytest.fixture
def video(tmp_path):
    path = tmp_path / 'clip.mp4'
    with VideoWriter(path, 29.97) as writer:
        for i in range(8):
            writer.write(np.full((64, 96, 3), 20 * i, np.uint8))
    return path


def make_track(video, frame_ids, **changes):
    t = len(frame_ids)
    values = {
        'name': 'x',
        'frame_ids': np.array(frame_ids),
        'fps': 29.97,
        'boxes': np.tile([20.0, 20, 60, 60], (t, 1)),
        'keypoints': np.tile([40.0, 40.0], (t, 17, 1)),
        'scores': np.ones((t, 17)),
        'convention': 'coco_17',
        'video': video,
    }
    return PersonTrack(**(values | changes))


def test_writer_keeps_rate_size_and_frames(video):
    images, fps = read(video)
    assert len(images) == 8
    assert fps == pytest.approx(29.97, abs=1e-3)
    assert images[5].shape == (64, 96, 3)
    assert [round(image.mean() / 20) for image in images] == list(range(8))


def test_writer_refuses_another_size(tmp_path):
    with (
        VideoWriter(tmp_path / 'a.mp4', 25) as writer,
        pytest.raises(InputError, match='frame: is '),
    ):
        writer.write(np.zeros((64, 96, 3), np.uint8))
        writer.write(np.zeros((64, 98, 3), np.uint8))


def test_writer_names_an_unwritable_file(tmp_path):
    with (
        VideoWriter(tmp_path / 'a.unknown', 25) as writer,
        pytest.raises(InputError, match='file: cannot be written'),
    ):
        writer.write(np.zeros((64, 96, 3), np.uint8))


def test_nothing_written_makes_no_file(tmp_path):
    with VideoWriter(tmp_path / 'a.mp4', 25):
        pass
    assert not (tmp_path / 'a.mp4').exists()


def test_overlay_has_skeletons_where_the_track_is(tmp_path, video):
    track = make_track(video, [1, 2, 5])
    path = write_track_video([track], tmp_path / 'o.mp4')
    images, fps = read(path)
    assert len(images) == 5  # frames 1 to 5
    assert fps == pytest.approx(29.97, abs=1e-3)
    plain, _ = read(video)
    changed = [
        np.abs(a.astype(int) - b).max() > 60
        for a, b in zip(images, plain[1:6], strict=True)
    ]
    assert changed == [True, True, False, False, True]


def test_overlay_of_a_thinned_track_is_slower(tmp_path, video):
    track = make_track(video, [0, 2, 6], stride=2)
    images, fps = read(write_track_video([track], tmp_path / 'o.mp4'))
    assert len(images) == 4
    assert fps == pytest.approx(29.97 / 2, abs=1e-2)


def test_draw_track_does_not_change_other_frames(video):
    image = np.zeros((64, 96, 3), np.uint8)
    track = make_track(video, [3])
    assert draw_track(image, track, 4) is image
    assert draw_track(image, track, 3)[40, 40].any()
    assert not image.any()


def test_overlay_needs_the_video(tmp_path, video):
    with pytest.raises(InputError, match='video: is not given'):
        write_track_video([make_track(None, [1])], tmp_path / 'o.mp4')
    with pytest.raises(InputError, match='the video has 8 frames'):
        write_track_video([make_track(video, [8])], tmp_path / 'o.mp4')
