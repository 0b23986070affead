"""Which joints of the reference nobody saw in 2D."""

import numpy as np
import torch

from semtta_mm.conventions import keypoint_index
from semtta_mm.evaluation.track_sample import unseen_joints


class Frames:
    """Evidence of COCO, reference in SMPL's joints."""

    convention = 'coco_17'
    reference = None

    def __init__(self, scores):
        self.scores = torch.from_numpy(scores)


def test_only_joints_that_were_asked_for():
    scores = np.ones((2, 17), np.float32)
    scores[1, keypoint_index('coco_17', ('left_knee', 'left_hip'))] = 0
    found = unseen_joints(Frames(scores))
    assert found.shape == (2, 24)
    assert not found[0].any()
    knee, hip, pelvis = keypoint_index(
        'smpl_24', ('left_knee', 'left_hip', 'pelvis')
    )
    # The pelvis is the middle of two hips; COCO has no spine at all.
    assert found[1].nonzero()[0].tolist() == sorted((knee, hip, pelvis))
