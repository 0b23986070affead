"""Detections of a rendered video as a track."""

import numpy as np
import pytest

from semtta_mm.conventions import keypoint_names
from semtta_mm.detection import DetectionResult, Detector2D, load_result
from semtta_mm.synthetic.test_sets.handheld.detected import (
    detected_keypoints,
    detected_track,
    inside_share,
    person_track,
)
from semtta_mm.utils import InputError


def found(frames):
    rng = np.random.default_rng(0)
    count = len(frames)
    scores = np.full((count, 33), 0.8)
    scores[:1, 0] = 0.29
    boxes = np.tile([10.0, 10, 50, 90], (count, 1))
    boxes += 10 * np.arange(count)[:, None]
    return DetectionResult(
        source='video.mp4',
        fps=30.0,
        image_size=(100, 200),
        convention='blazepose_33',
        searched=np.arange(8),
        frame_ids=np.array(frames, int),
        keypoints=rng.uniform(0, 90, (count, 33, 2)),
        scores=scores,
        boxes=boxes,
    )


class Given(Detector2D):
    def __init__(self, result):
        self.result = result

    def settings(self):
        return {}

    def detect(self, video, frames=None, progress=None, fps=None):
        return self.result


def track_of(result, folder):
    return detected_track(
        folder / 'video.mp4',
        Given(result),
        'coco_23',
        'open_dev_00_clear',
        30.0,
        folder / 'raw.npz',
        np.tile([0.0, 0, 100, 200], (8, 1)),
    )


def test_gaps_have_boxes_but_no_keypoints(tmp_path):
    result = found([1, 2, 5])
    track = track_of(result, tmp_path)
    assert track.frame_ids.tolist() == list(range(8))
    assert not track.scores[[0, 3, 4, 6, 7]].any()
    assert not track.keypoints[[0, 3, 4, 6, 7]].any()
    np.testing.assert_allclose(track.boxes, [[0, 0, 100, 200]] * 8)
    names = keypoint_names('coco_23')
    knee = names.index('left_knee')
    there = keypoint_names('blazepose_33').index('left_knee')
    np.testing.assert_allclose(
        track.keypoints[[1, 2, 5], knee], result.keypoints[:, there]
    )
    assert load_result(tmp_path / 'raw.npz').frame_ids.tolist() == [1, 2, 5]


def test_low_scores_and_unknown_keypoints_are_missing(tmp_path):
    track = track_of(found([0, 1]), tmp_path)
    names = keypoint_names('coco_23')
    nose = names.index('nose')
    assert track.scores[:2, nose].tolist() == pytest.approx([0, 0.8])
    assert not track.keypoints[0, nose].any()
    toe = names.index('left_small_toe')
    assert not detected_keypoints('coco_23')[toe]
    assert not track.scores[:, toe].any()
    assert detected_keypoints('coco_23').sum() == 21


def test_another_least_score(tmp_path):
    result = found([0, 1])
    result.scores[1, 11] = 0.6  # left shoulder
    boxes = np.tile([0.0, 0, 100, 200], (8, 1))
    usual, strict = (
        person_track(result, 'coco_23', 'a', boxes, least)
        for least in (0.3, 0.7)
    )
    change = (usual.scores > 0) & (strict.scores == 0)
    shoulder = keypoint_names('coco_23').index('left_shoulder')
    assert np.argwhere(change).tolist() == [[1, shoulder]]
    assert not strict.keypoints[1, shoulder].any()


def test_nobody(tmp_path):
    with pytest.raises(InputError, match='was not detected'):
        track_of(found([]), tmp_path)


def test_something_else_is_no_detection(tmp_path):
    result = found([0, 1, 2])
    result.boxes[1] += 70.0  # 25 % is inside the person's
    result.boxes[2] += [80, 0, 500, 0]
    track = track_of(result, tmp_path)
    assert track.scores.any(axis=1).tolist() == [True] + 7 * [False]
    share = inside_share(
        np.array([[0.0, 0, 10, 10], [5, 5, 5, 5]]),
        np.array([[5.0, 0, 20, 20], [0, 0, 9, 9]]),
    )
    assert share.tolist() == [0.5, 0]
