"""Seconds, times and frames to frame numbers; tracks by the same rules."""

from dataclasses import replace

import numpy as np
import pytest

from semtta_mm.datasets import EvidencePolicy, FrameSelection
from semtta_mm.datasets.frame_selection import frame_number
from semtta_mm.structures import PersonTrack
from semtta_mm.utils import InputError


@pytest.mark.parametrize(
    ('text', 'frame'),
    [
        ('f120', 120),
        ('12.5', 375),
        ('12.5s', 375),
        (2, 60),
        ('1:30', 2700),
        ('00:01:30', 2700),
        ('01:00:00.5', 108015),
        ('0', 0),
    ],
)
def test_positions_at_30_frames_a_second(text, frame):
    assert frame_number(text, 30.0) == frame


@pytest.mark.parametrize('text', ['', 'f', '-1', 'f-3', '1:2:3:4', 'soon'])
def test_what_is_no_position(text):
    with pytest.raises(InputError, match='start: .* is no position'):
        FrameSelection(start=text)


def test_a_selection_as_a_slice():
    assert FrameSelection().frames(30.0) is None
    assert FrameSelection(every=2).frames(30.0) == slice(0, None, 2)
    whole = FrameSelection('1', '3', every=2, max_frames=10)
    assert whole.frames(30.0) == slice(30, 50, 2)
    assert whole.frames(10.0) == slice(10, 30, 2)
    assert FrameSelection(max_frames=7, every=3).frames(1.0) == slice(0, 21, 3)


def test_a_selection_from_plain_data_and_slices():
    whole = FrameSelection('f4', None, 2, 5)
    assert whole.config() == {'start': 'f4', 'every': 2, 'max_frames': 5}
    assert FrameSelection.of(whole.config()) == whole
    assert FrameSelection.of(None) == FrameSelection()
    assert FrameSelection.of(slice(4, 9, 2)).frames(25.0) == slice(4, 9, 2)
    with pytest.raises(InputError, match='-4 is negative'):
        FrameSelection.of(slice(-4, None))


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        ({'every': 0}, 'every: is 0'),
        ({'max_frames': 0}, 'max_frames: is 0'),
    ],
)
def test_wrong_numbers(options, message):
    with pytest.raises(InputError, match=message):
        FrameSelection(**options)


def test_the_end_must_be_behind_the_start():
    with pytest.raises(InputError, match='end: 1 is not behind start 2'):
        FrameSelection(start='2', end='1').frames(30.0)


@pytest.fixture
def track():
    """Frames 3, 4, ... 12 without 7, at 10 frames a second."""
    frame_ids = np.delete(np.arange(3, 13), 4)
    count = len(frame_ids)
    return PersonTrack(
        name='a',
        frame_ids=frame_ids,
        fps=10.0,
        boxes=np.tile([0.0, 0, 10, 10], (count, 1)),
        keypoints=np.ones((count, 17, 2)),
        scores=np.ones((count, 17)),
        convention='coco_17',
    )


@pytest.mark.parametrize(
    ('options', 'frames'),
    [
        ({}, [3, 4, 5, 6, 8, 9, 10, 11, 12]),
        ({'start': '0.5'}, [5, 6, 8, 9, 10, 11, 12]),
        ({'end': 'f6'}, [3, 4, 5]),
        # 7 is missing: a gap, the phase stays.
        ({'every': 2}, [3, 5, 9, 11]),
        ({'start': 'f4', 'every': 2, 'max_frames': 3}, [4, 6, 8]),
        ({'max_frames': 5}, [3, 4, 5, 6]),
    ],
)
def test_samples_of_a_track(track, options, frames):
    part = FrameSelection(**options).apply(track)
    assert part.frame_ids.tolist() == frames
    assert part.stride == options.get('every', 1)
    # The same by a data set's options.
    policy = EvidencePolicy(frames=options or None)
    assert policy.apply(track).frame_ids.tolist() == frames


def test_a_thinned_track_is_thinned_further(track):
    coarse = replace(FrameSelection(every=2).apply(track), name='b')
    part = FrameSelection(every=2).apply(coarse)
    assert (part.frame_ids.tolist(), part.stride) == ([3, 11], 4)


def test_nothing_left_of_a_track(track):
    with pytest.raises(InputError, match='no frame of a, .* 3 to 12'):
        FrameSelection(start='f13').apply(track)
