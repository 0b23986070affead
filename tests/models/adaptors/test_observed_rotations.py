"""Rotations that the 2D evidence constrains."""

import numpy as np
import pytest
import torch

from semtta_mm.conventions import SMPL_JOINTS, keypoint_names
from semtta_mm.models.adaptors.observed_rotations import observed_rotations


def visible(convention, *missing):
    names = keypoint_names(convention)
    assert set(missing) <= set(names)
    return torch.tensor([[name not in missing for name in names]])


@pytest.mark.parametrize(
    ('convention', 'missing', 'hidden'),
    [
        ('openpose_25', (), set()),
        ('openpose_25', ('left_knee',), {'left_hip'}),
        ('openpose_25', ('left_ankle',), {'left_knee'}),
        # Without toes in the convention an ankle goes with its knee.
        (
            'coco_17',
            ('left_ankle',),
            {'left_knee', 'left_ankle', 'left_foot'},
        ),
        (
            'coco_17',
            ('right_wrist',),
            {'right_elbow', 'right_wrist', 'right_hand'},
        ),
        ('coco_17', ('left_shoulder',), {'left_collar'}),
        (
            'coco_17',
            ('left_shoulder', 'right_shoulder'),
            {'left_collar', 'right_collar', 'spine_1', 'spine_2', 'spine_3'},
        ),
        ('coco_17', ('nose',), {'neck', 'head'}),
        ('blazepose_33', ('right_big_toe',), {'right_ankle', 'right_foot'}),
    ],
)
def test_observed_rotations(convention, missing, hidden):
    observed = observed_rotations(visible(convention, *missing), convention)
    found = {
        name
        for name, there in zip(SMPL_JOINTS, observed[0], strict=True)
        if not there
    }
    assert found == hidden


def test_without_keypoints_only_the_root_is_observed():
    observed = observed_rotations(
        torch.zeros(2, 25, dtype=torch.bool), 'openpose_25'
    )
    assert observed[:, 0].all() and not observed[:, 1:].any()
    assert np.shape(observed) == (2, 24)
