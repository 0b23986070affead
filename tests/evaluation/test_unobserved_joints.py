"""Joints of the reference without 2D evidence."""

import numpy as np

from semtta_mm.conventions import keypoint_index
from semtta_mm.evaluation.track_sample import unobserved_joints
from semtta_mm.structures import PersonTrack


def test_only_joints_of_the_evidences_convention():
    scores = np.ones((2, 17))
    scores[1, keypoint_index('coco_17', ('left_knee', 'left_hip'))] = 0
    track = PersonTrack(
        name='x',
        frame_ids=np.arange(2),
        fps=30,
        boxes=np.tile([0, 0, 9, 9], (2, 1)),
        keypoints=np.zeros((2, 17, 2)),
        scores=scores,
        convention='coco_17',
    )
    found = unobserved_joints(track, None)
    assert found.shape == (2, 24)
    assert not found[0].any()
    knee, hip, pelvis = keypoint_index(
        'smpl_24', ('left_knee', 'left_hip', 'pelvis')
    )
    # The pelvis is the middle of two hips; COCO has no spine at all.
    assert found[1].nonzero()[0].tolist() == sorted((knee, hip, pelvis))
