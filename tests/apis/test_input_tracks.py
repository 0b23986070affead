"""Boxes that a user gives for a detected person."""

from dataclasses import replace

import numpy as np
import pytest

from semtta_mm.apis.input_tracks import input_tracks, with_boxes
from semtta_mm.datasets import FrameSelection
from semtta_mm.datasets.track_io import save_track
from semtta_mm.utils import InputError


@pytest.fixture
def track(dataset):
    return dataset[0].track


def test_keypoints_outside_of_the_boxes_become_missing(track):
    frames = int(track.frame_ids[-1]) + 1
    boxes = np.tile([0.0, 0, 10, 10], (frames, 1))
    points = np.full_like(track.keypoints, 500)
    points[:, 0] = 11.9  # within a fifth of the side
    points[:, 1] = 12.1
    moved = replace(track, keypoints=points, scores=np.ones_like(track.scores))
    boxed = with_boxes([moved], boxes)
    assert boxed.boxes.tolist() == boxes[track.frame_ids].tolist()
    assert boxed.scores[:, 0].all()
    assert not boxed.scores[:, 1:].any()
    assert moved.scores.all()  # the found track is not changed


@pytest.mark.parametrize(
    ('frames', 'expected'),
    [
        (None, list(range(9))),
        (slice(2, 8, 3), [2, 5]),
        # 25 frames a second.
        (FrameSelection(start='0.2', max_frames=2), [5, 6]),
    ],
)
def test_frames_of_any_input(track, tmp_path, frames, expected):
    path = save_track(tmp_path / 'someone.npz', track)
    keypoints = np.dstack([track.keypoints, track.scores])
    options = dict(keypoints=keypoints, fps=25.0)
    for source, more in ((track, {}), (path, {}), (track.video, options)):
        (found,) = input_tracks(source, tmp_path, frames=frames, **more)
        assert found.frame_ids.tolist() == expected


def test_images_without_a_rate(track, tmp_path, capsys):
    keypoints = np.dstack([track.keypoints, track.scores])
    (found,) = input_tracks(track.video, tmp_path, keypoints=keypoints)
    assert found.fps == 30.0
    assert 'no frame rate: 30 frames' in capsys.readouterr().out


@pytest.mark.parametrize(
    ('count', 'shape', 'message'),
    [
        (2, (99, 4), 'are of one person, 2 were found'),
        (1, (99, 2), r'not \[\d+, 4\] or longer'),
        (1, (1, 4), r'has shape \(1, 4\)'),
        (1, (99, 4), 'contain no keypoint'),
    ],
)
def test_boxes_that_do_not_fit_are_refused(track, count, shape, message):
    with pytest.raises(InputError, match=message):
        with_boxes([track] * count, np.full(shape, -50.0))
