import numpy as np
import pytest

from semtta_mm.detection.blazepose.ssd import (
    Candidates,
    box_iou,
    decode_candidates,
    make_anchors,
    merge_best,
)


def test_anchors():
    anchors = make_anchors()
    # 28 * 28 * 2 + 14 * 14 * 2 + 7 * 7 * 6
    assert anchors.shape == (2254, 2)
    np.testing.assert_allclose(anchors[0], [0.5 / 28, 0.5 / 28])
    np.testing.assert_allclose(anchors[1], anchors[0])
    np.testing.assert_allclose(anchors[2], [1.5 / 28, 0.5 / 28])
    np.testing.assert_allclose(anchors[28 * 28 * 2], [0.5 / 14, 0.5 / 14])
    np.testing.assert_allclose(anchors[-1], [6.5 / 7, 6.5 / 7])


def test_decoding_is_relative_to_the_anchor():
    raw = np.zeros((3, 12))
    raw[1] = [22.4, 0, 44.8, 22.4, 0, 0, 0, -112, 22.4, 22.4, 0, 0]
    logits = np.array([-5.0, 2.0, -1e9])
    anchors = np.array([[0, 0], [0.5, 0.5], [1, 1]])
    found = decode_candidates(raw, logits, anchors, 0.5)
    np.testing.assert_allclose(found.scores, [1 / (1 + np.exp(-2))])
    np.testing.assert_allclose(found.boxes, [[0.5, 0.45, 0.7, 0.55]])
    np.testing.assert_allclose(
        found.points[0], [[0.5, 0.5], [0.5, 0], [0.6, 0.6], [0.5, 0.5]]
    )


def test_candidates_come_best_first():
    logits = np.array([1.0, 3.0, 2.0])
    anchors = np.array([[0.1, 0], [0.2, 0], [0.3, 0]])
    found = decode_candidates(np.zeros((3, 12)), logits, anchors, 0.5)
    np.testing.assert_allclose(found.points[:, 0, 0], [0.2, 0.3, 0.1])


def test_overlap_of_boxes():
    boxes = np.array([[0, 0, 2, 2], [1, 0, 3, 2], [5, 5, 6, 6], [1, 1, 1, 1]])
    overlap = box_iou(boxes[0].astype(float), boxes.astype(float))
    np.testing.assert_allclose(overlap, [1, 2 / 6, 0, 0])


def test_overlapping_candidates_are_averaged_by_score():
    boxes = np.array([[0, 0, 2, 2], [0, 0, 2, 2.0], [5, 5, 7, 7]])
    points = np.stack([np.full((4, 2), v) for v in (0.0, 1.0, 9.0)])
    found = Candidates(boxes, points, np.array([0.9, 0.6, 0.5]))
    np.testing.assert_allclose(merge_best(found), np.full((4, 2), 0.4))


def test_a_box_without_area_still_counts():
    found = Candidates(np.zeros((1, 4)), np.ones((1, 4, 2)), np.array([0.7]))
    assert merge_best(found) == pytest.approx(1)
