import cv2
import numpy as np
import pytest

from semtta_mm.datasets import video_info
from semtta_mm.detection.frames import (
    checked_slice,
    frame_rate,
    iterate_frames,
    rate_note,
)
from semtta_mm.utils import InputError


def numbers(video, frames):
    found = iterate_frames(video, checked_slice(frames), video_info(video))
    return [(i, round(float(image.mean()) / 10)) for i, image in found]


@pytest.mark.parametrize(
    ('frames', 'expected'),
    [
        (None, range(10)),
        (slice(2, 5), range(2, 5)),
        (slice(1, None, 3), range(1, 10, 3)),
        (slice(8, 99), range(8, 10)),
        (slice(50, 60), range(0)),
    ],
)
def test_frames_of_a_file_and_of_a_folder(video, tmp_path, frames, expected):
    assert numbers(video, frames) == [(i, i) for i in expected]
    folder = tmp_path / 'images'
    folder.mkdir()
    for i in range(10):
        image = np.full((4, 4, 3), 10 * i, np.uint8)
        cv2.imwrite(str(folder / f'{i}.png'), image)
    assert numbers(folder, frames) == [(i, i) for i in expected]


@pytest.mark.parametrize(
    'frames', [slice(-1, None), slice(5, 5), slice(0, 9, -1), slice(0, -2)]
)
def test_frames_without_a_rising_range(frames):
    with pytest.raises(InputError, match='not a rising range'):
        checked_slice(frames)


def test_rate_of_a_video_and_of_a_folder(video, tmp_path):
    info = video_info(video)
    assert frame_rate(video, info, None) == 20.0
    assert frame_rate(video, info, 12.5) == 12.5
    cv2.imwrite(str(tmp_path / 'a.png'), np.zeros((4, 4, 3), np.uint8))
    info = video_info(tmp_path)
    assert frame_rate(tmp_path, info, None) == 30.0
    assert 'no frame rate: 30 frames' in rate_note(tmp_path, None)
    assert rate_note(tmp_path, 25.0) is None
    assert rate_note(video, None) is None
    for fps in (0, float('nan')):
        with pytest.raises(InputError, match='fps: is .* give the frames'):
            frame_rate(tmp_path, video_info(tmp_path), fps)
