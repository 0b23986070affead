import numpy as np
import pytest

from semtta_mm.datasets.association import link_cost, link_detections
from semtta_mm.datasets.boxes import keypoint_box
from semtta_mm.datasets.detections import (
    Recording,
    TrackingOptions,
    clean_detections,
    group_detections,
)
from semtta_mm.structures import Detection

BODY = np.array([[0.0, 0], [20, 5], [5, 40], [25, 60], [10, 80]])
NO_BOX = np.full(4, np.nan)


def person(frame, x, y=0.0, scores=None, box=True, who=None, row=-1):
    points = BODY + [x, y]
    scores = np.ones(5) if scores is None else np.asarray(scores, float)
    found = keypoint_box(points, scores > 0) if box else NO_BOX
    return Detection(frame, points, scores, found, who, row)


def rows(chains):
    return [[item.row for item in chain] for chain in chains]


def test_cost_by_hand():
    chain = [person(0, 0), person(1, 4)]
    # Expected at 8, seen at 16; longer side of the box is 80.
    assert link_cost(chain, person(2, 16)) == pytest.approx(8 / 80)
    assert link_cost(chain, person(2, 8)) == pytest.approx(0)
    # Only the centres are shared: same answer for a shifted copy.
    blind = Detection(2, BODY + [16, 0], np.zeros(5), person(2, 16).box)
    assert link_cost(chain, blind) == pytest.approx(8 / 80)


def test_crossing_people_keep_their_identity():
    """Row tells who it is: 0 walks right, 1 walks left, they meet at 20."""
    rng = np.random.default_rng(0)
    found = []
    for t in range(41):
        pair = [
            person(t, 5.0 * t, rng.normal(), row=0),
            person(t, 203.0 - 5.0 * t, rng.normal(), row=1),
        ]
        found += pair if rng.random() < 0.5 else pair[::-1]
    chains = link_detections(found, max_gap=5, max_distance=0.5)
    assert sorted(rows(chains)) == [[0] * 41, [1] * 41]


def test_crossing_with_a_hidden_person():
    """Person 1 passes behind person 0 and is unseen for 9 frames."""
    found = [person(t, 4.0 * t, row=0) for t in range(50)]
    found += [
        person(t, 200 - 4.0 * t, row=1) for t in range(50) if not 20 < t < 30
    ]
    chains = link_detections(found, max_gap=10, max_distance=0.5)
    assert sorted(rows(chains)) == [[0] * 50, [1] * 41]


def test_gap_and_distance_end_a_chain():
    near = [person(0, 0), person(1, 1), person(5, 5)]
    assert len(link_detections(near, max_gap=3, max_distance=0.5)) == 1
    assert len(link_detections(near, max_gap=2, max_distance=0.5)) == 2
    far = [person(0, 0), person(1, 60)]
    assert len(link_detections(far, max_gap=3, max_distance=0.5)) == 2
    assert len(link_detections(far, max_gap=3, max_distance=1.0)) == 1


def test_every_person_once_a_frame_whatever_the_order():
    rng = np.random.default_rng(1)
    found = [
        person(t, x + t, rng.normal(), row=i)
        for t in range(12)
        for i, x in enumerate((0, 300, 600))
        if (t + i) % 4
    ]
    order = rng.permutation(len(found))
    chains = link_detections([found[i] for i in order], 5, 0.5)
    assert len(chains) == 3
    assert sum(map(len, chains)) == len(found)
    for chain in chains:
        assert len({item.row for item in chain}) == 1
        assert (np.diff([item.frame for item in chain]) > 0).all()


def test_a_person_without_box_goes_on_but_does_not_begin():
    weak = [1, 1, 0, 0, 0]
    found = [
        person(0, 0, scores=weak),
        person(1, 0, row=1),
        person(2, 0, scores=weak, row=2),
        person(3, 0, row=3),
    ]
    assert rows(link_detections(found, 5, 0.5)) == [[1, 2, 3]]
    assert link_detections([], 5, 0.5) == []


def group(people, **options):
    recording = Recording(people, [item.frame for item in people])
    return group_detections(recording, TrackingOptions(**options))


def test_boxes_are_filled_or_frames_dropped():
    weak = [1, 0, 0, 0, 0]
    found = [
        person(0, 0, row=0),
        person(1, 4, scores=weak, row=1),
        person(2, 8, row=2),
        person(3, 12, scores=weak, row=3),
    ]
    (filled,) = group(found)
    assert [d.row for d in filled] == [0, 1, 2]
    np.testing.assert_allclose(filled[1].box, [4, 0, 29, 80])
    (dropped,) = group(found, fill_boxes=False)
    assert [d.row for d in dropped] == [0, 2]


def test_identities_of_the_file_are_trusted():
    found = [person(t, 900 * (t % 2), who='ann', row=t) for t in range(6)]
    found += [person(t, 0, 500) for t in range(6)]
    chains = group(found)
    assert sorted(rows(chains)) == [[-1] * 6, [0, 1, 2, 3, 4, 5]]


def test_short_tracks_fall_unless_all_is_short():
    long = [person(t, 0) for t in range(20)]
    ghost = [person(t, 500) for t in range(3)]
    assert [len(c) for c in group(long + ghost)] == [20]
    # Of a sequence of 8 frames, 4 are enough.
    assert [len(c) for c in group(long[:8] + ghost)] == [8]
    assert [len(c) for c in group(long[:4] + long[7:8])] == [5]
    assert sorted(len(c) for c in group(long + ghost, min_length=3)) == [3, 20]
    assert [len(c) for c in group([person(4, 0)])] == [1]


def test_cleaning_makes_missing_explicit():
    points = BODY.copy()
    points[0] = np.nan
    scores = np.array([0.9, 0.2, 0.3, np.nan, -1.0])
    item = Detection(0, points, scores, NO_BOX, row=7)
    (clean,) = clean_detections([item], TrackingOptions())
    np.testing.assert_allclose(clean.scores, [0, 0, 0.3, 0, 0])
    assert np.isfinite(clean.keypoints).all()
    assert np.isnan(clean.box).all()
    assert clean.row == 7


def test_boxes_from_file_or_from_keypoints():
    whole = np.array([0.0, 0, 1000, 1000])
    item = Detection(0, BODY, np.ones(5), whole)
    (kept,) = clean_detections([item], TrackingOptions())
    assert kept.box.tolist() == whole.tolist()
    options = TrackingOptions(boxes='keypoints')
    (own,) = clean_detections([item], options)
    assert own.box.tolist() == [0, 0, 25, 80]
    with pytest.raises(ValueError, match="boxes: 'image' is not"):
        TrackingOptions(boxes='image')


def test_stride_of_a_recording():
    assert Recording([], [0, 5, 10, 25]).stride == 5
    assert Recording([], [3, 4, 10]).stride == 1
    assert Recording([], [7]).stride == 1
    assert Recording([], [7, 7]).stride == 1
