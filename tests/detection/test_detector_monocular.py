from dataclasses import replace

import numpy as np
import pytest

from semtta_mm.conventions import keypoint_index, keypoint_names
from semtta_mm.detection import monocular
from semtta_mm.detection.monocular import DetectorMonocular
from semtta_mm.structures import PersonTrack
from semtta_mm.utils import InputError


@pytest.fixture
def track(video):
    return PersonTrack(
        name='a',
        frame_ids=np.array([10, 11, 12, 16]),
        fps=25.0,
        boxes=np.tile([0.0, 0, 10, 10], (4, 1)),
        keypoints=np.zeros((4, 17, 2)),
        scores=np.ones((4, 17)),
        convention='coco_17',
        video=video,
    )


def lift_with(monkeypatch, result):
    monkeypatch.setattr(monocular, 'detect_cached', lambda *_: result)
    lift = object.__new__(DetectorMonocular)
    lift.detector, lift.folder = None, None
    return lift


def test_frames_with_a_detected_person(monkeypatch, track, result):
    seen, joints = lift_with(monkeypatch, result)(track)
    assert seen.frame_ids.tolist() == [10, 12, 16]
    limbs = keypoint_index('blazepose_33', keypoint_names('limbs_12'))
    np.testing.assert_array_equal(joints, result.world[:3][:, limbs])


def test_no_person_was_detected(monkeypatch, track, result):
    """No error: the row of the table is of the other tracks."""
    nobody = replace(
        result,
        **{
            name: getattr(result, name)[:0]
            for name in ('frame_ids', 'keypoints', 'scores', 'boxes', 'world')
        },
    )
    assert lift_with(monkeypatch, nobody)(track) is None


def test_a_detector_without_3d(monkeypatch, track, result):
    lift = lift_with(monkeypatch, replace(result, world=None))
    with pytest.raises(InputError, match='has no 3D'):
        lift(track)
