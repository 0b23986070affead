import numpy as np
import pytest

from semtta_mm.detection.blazepose.collect import main_person, pose_box
from semtta_mm.detection.blazepose.landmarks import Pose
from semtta_mm.detection.blazepose.roi import Roi
from semtta_mm.detection.blazepose.ssd import make_anchors
from semtta_mm.detection.blazepose.tracker import (
    PoseTracker,
    Thresholds,
    TrackedPose,
    find_person,
    same_place,
)

IMAGE = np.zeros((224, 224, 3), np.uint8)
ANCHORS = make_anchors()


class PersonNet:
    """Detects one upright person at a given anchor; counts its calls."""

    def __init__(self, anchor):
        self.anchor, self.calls = anchor, 0

    def __call__(self, values):
        self.calls += 1
        raw, scores = np.zeros((2254, 12)), np.full((2254, 1), -20.0)
        if self.anchor is not None:
            raw[self.anchor, 4:8] = [0, 0, 0, -20]  # 20 px from hip to head
            scores[self.anchor] = 3.0
        return [raw, scores]


class PoseNet:
    """Detects a person in the middle of its input in scripted calls."""

    def __init__(self, presences):
        self.presences = list(presences)

    def __call__(self, values):
        landmarks = np.zeros((39, 5), np.float32)
        landmarks[:, :2] = 128
        landmarks[34, 1] = 128 - 256 / 2.5  # keeps the region's size
        heatmap = np.full((64, 64, 39), -50.0)
        presence = np.array([self.presences.pop(0)])
        return [landmarks.ravel(), heatmap, np.zeros(117), presence]


def tracker_of(person_net, presences):
    return PoseTracker(person_net, PoseNet(presences), Thresholds(0.5, 0.5))


def test_person_is_found_at_the_anchor():
    roi = find_person(IMAGE, PersonNet(100), 0.5)
    x, y = ANCHORS[100] * 224
    assert roi == Roi(
        pytest.approx(x),
        pytest.approx(y),
        pytest.approx(50),
        pytest.approx(0),
    )


def test_no_person_is_found():
    tracker = tracker_of(PersonNet(None), [])
    assert tracker(IMAGE) is None


def test_detector_is_not_run_while_tracking():
    net = PersonNet(100)
    tracker = tracker_of(net, [0.9, 0.9, 0.51])
    seen = [tracker(IMAGE) for _ in range(3)]
    assert net.calls == 1
    for sighting in seen:
        assert sighting.person == 0
        np.testing.assert_allclose(
            sighting.pose.keypoints[0], ANCHORS[100] * 224, atol=1e-6
        )


def test_lost_person_is_found_again_in_the_same_frame():
    net = PersonNet(100)
    tracker = tracker_of(net, [0.9, 0.5, 0.9])
    assert tracker(IMAGE).person == 0
    assert tracker(IMAGE).person == 0
    assert net.calls == 2


def test_a_person_at_another_place_gets_a_new_number():
    net = PersonNet(0)
    tracker = tracker_of(net, [0.9, 0.1, 0.1, 0.9, 0.9])
    assert tracker(IMAGE).person == 0
    net.anchor = 2253
    assert tracker(IMAGE) is None  # neither at the old place nor elsewhere
    assert tracker(IMAGE).person == 1
    assert tracker(IMAGE).person == 1


@pytest.mark.parametrize(
    ('found', 'same'),
    [
        (Roi(150, 100, 100), True),
        (Roi(151, 100, 100), False),
        (Roi(190, 100, 200), True),
        (Roi(100, 100, 201), False),
        (Roi(100, 100, 49), False),
    ],
)
def test_same_place(found, same):
    assert same_place(Roi(100, 100, 100), found) is same


def test_person_of_most_frames_is_kept():
    pose = Pose(*(np.zeros(1) for _ in range(4)), presence=1.0)
    tracked = {
        frame: TrackedPose(person, pose)
        for frame, person in ((0, 0), (2, 1), (3, 1), (5, 0), (6, 1))
    }
    kept = main_person({**tracked, 1: None})
    assert list(kept) == [2, 3, 6]
    assert main_person({0: None}) == {}


def test_box_is_the_extent_of_detected_keypoints():
    keypoints = np.array([[0, 0], [10, 20], [5, 30], [99, 99.0]])
    scores = np.array([0.3, 0.9, 0.8, 0.29])
    np.testing.assert_array_equal(pose_box(keypoints, scores), [0, 0, 10, 30])
    np.testing.assert_array_equal(
        pose_box(keypoints, np.zeros(4)), [0, 0, 99, 99]
    )
