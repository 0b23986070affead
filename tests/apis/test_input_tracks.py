"""Boxes that a user gives for a detected person."""

from dataclasses import replace

import numpy as np
import pytest

from semtta_mm.apis.input_tracks import with_boxes
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
