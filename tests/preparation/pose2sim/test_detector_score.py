"""Scores of detections with known errors, on the rig of ``conftest``."""

from dataclasses import replace

import numpy as np
import pytest

from semtta_mm.conventions import keypoint_index, keypoint_names
from semtta_mm.preparation.pose2sim.detector_score import (
    limb_offsets,
    score_offsets,
)

LIMBS = keypoint_index('blazepose_33', keypoint_names('limbs_12'))


def shifted(detections, name, by):
    result = detections[name]
    moved = result.keypoints + np.float32(by)
    return {**detections, name: replace(result, keypoints=moved)}


def test_exact_detections_have_no_error(detections, cameras):
    score = score_offsets(limb_offsets(detections, cameras))
    assert score.compared == 1
    assert score.p90 < 0.01


def test_a_shift_of_one_camera_is_found_there(detections, cameras):
    """A fixed reference; a constant shift is the offset, no error beside."""
    moved = shifted(detections, 'cam02', (3, 4))
    offsets = limb_offsets(moved, cameras, detections)
    score = score_offsets({'cam02': offsets['cam02']})
    assert score.median == pytest.approx(5, abs=0.01)
    assert score.without_offset < 0.01
    assert score_offsets({'cam01': offsets['cam01']}).p90 < 0.01


def test_the_own_reference_leaves_the_camera_out(detections, cameras):
    """Moving one camera changes the references of the others only."""
    moved = shifted(detections, 'cam02', (3, 4))
    offsets = limb_offsets(moved, cameras)
    own = score_offsets({'cam02': offsets['cam02']})
    assert own.median == pytest.approx(5, abs=0.01)
    other = score_offsets({'cam01': offsets['cam01']})
    assert 0.1 < other.median < 10


def test_low_scores_and_missing_frames_are_not_compared(detections, cameras):
    result = detections['cam03']
    scores = result.scores.copy()
    scores[:, LIMBS[0]] = 0.2
    part = replace(
        result,
        scores=scores[:-3],
        frame_ids=result.frame_ids[:-3],
        keypoints=result.keypoints[:-3],
        boxes=result.boxes[:-3],
    )
    found = {**detections, 'cam03': part}
    off = limb_offsets(found, cameras, detections, min_score=0.3)['cam03']
    known = np.isfinite(off).all(-1)
    assert not known[:, 0].any() and not known[-3:].any()
    assert known[:-3, 1:].all()
    assert score_offsets({'x': off}).compared == known.mean()
    low = limb_offsets(found, cameras, detections, min_score=0.1)['cam03']
    assert np.isfinite(low).all(-1)[:-3].all()


def test_nothing_to_compare():
    score = score_offsets({'cam01': np.full((4, 12, 2), np.nan)})
    assert score.compared == 0
    assert np.isnan(score.median)
