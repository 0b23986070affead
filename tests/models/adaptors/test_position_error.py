"""Position errors from rotation errors, by hand."""

import math

import pytest
import torch

from semtta_mm.conventions import SMPL_JOINTS, keypoint_names
from semtta_mm.models.adaptors.position_error import (
    joints_above,
    position_error,
)

KNEE, HIP = SMPL_JOINTS.index('left_knee'), SMPL_JOINTS.index('left_hip')


def above(convention, name):
    row = joints_above(convention)[keypoint_names(convention).index(name)]
    return {SMPL_JOINTS[i] for i in row.nonzero()[:, 0]}


def test_the_chain_above_a_keypoint():
    assert above('coco_23', 'left_ankle') == {
        'left_knee',
        'left_hip',
        'pelvis',
    }
    assert above('coco_23', 'left_heel') == {
        'left_ankle',
        'left_knee',
        'left_hip',
        'pelvis',
    }
    assert {'head', 'neck', 'spine_1', 'pelvis'} <= above('coco_23', 'nose')
    assert above('smpl_24', 'pelvis') == set()


def test_the_error_is_the_sum_over_the_chain():
    """Ankle 0.4 m below the knee and 0.8 m below the hip and pelvis."""
    names = keypoint_names('coco_23')
    joints = torch.zeros(1, 24, 3)
    joints[0, KNEE, 1] = -0.4
    points = torch.zeros(1, len(names), 3)
    points[0, names.index('left_ankle'), 1] = -0.8
    error = torch.zeros(1, 24)
    error[0, KNEE], error[0, HIP], error[0, 0] = 0.3, 0.1, 0.05
    error[0, SMPL_JOINTS.index('right_knee')] = 9.0
    found = position_error(points, joints, error, 'coco_23')
    want = math.hypot(0.3 * 0.4, 0.1 * 0.8, 0.05 * 0.8)
    at = names.index('left_ankle')
    assert found[0, at].item() == pytest.approx(want)
