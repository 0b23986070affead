"""Slide of feet on bodies of which one joint moves."""

import pytest
import torch

from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.evaluation.functional.foot_slide import foot_slide

LEFT = SMPL_JOINTS.index('left_foot')
RIGHT = SMPL_JOINTS.index('right_foot')
ANKLES = [SMPL_JOINTS.index(f'{side}_ankle') for side in ('left', 'right')]


def standing(frames=5):
    """Camera axes: y down. The left foot is 10 cm below the right one."""
    joints = torch.zeros(frames, 24, 3)
    joints[:, ANKLES, 1] = 0.85
    joints[:, LEFT, 1], joints[:, RIGHT, 1] = 0.9, 0.8
    return joints


def slide(prediction, target, up=(0.0, -1.0, 0.0), ids=None, stride=1):
    frames = len(target)
    ids = torch.arange(frames) if ids is None else ids
    ups = torch.tensor(up).expand(frames, 3)
    return foot_slide(prediction, target, ups, ids, stride)


def moved(joint, x=0.0, y=0.0):
    """A joint moves by so many metres per frame."""
    joints = standing()
    time = torch.arange(5.0)
    joints[:, joint, 0] += x * time
    joints[:, joint, 1] += y * time
    return joints


def test_only_the_standing_foot_counts():
    assert slide(moved(LEFT, 0.004), standing()) == pytest.approx(4, abs=1e-3)
    assert slide(moved(RIGHT, 0.004), standing()) == pytest.approx(0, abs=1e-3)


def test_only_level_motion_counts():
    found = slide(moved(LEFT, 0.003, 0.02), standing())
    assert found == pytest.approx(3, abs=1e-3)


def test_the_vertical_decides_which_foot_stands():
    wrong, down = moved(RIGHT, 0.004), (0.0, 1.0, 0.0)
    assert slide(wrong, standing()) == pytest.approx(0, abs=1e-3)
    assert slide(wrong, standing(), down) == pytest.approx(4, abs=1e-3)


def test_a_walk_on_a_treadmill_does_not_slide():
    """The true foot goes with the belt, and so does the predicted one."""
    walk = moved(LEFT, 0.03)
    assert slide(walk, walk) == pytest.approx(0, abs=1e-3)
    assert slide(standing(), walk) == pytest.approx(30, abs=1e-3)


def test_origins_do_not_matter():
    drift = torch.arange(5.0)[:, None, None] * 0.1
    assert slide(standing() + drift, standing()) == pytest.approx(0, abs=1e-3)


def test_a_change_of_foot_and_gaps_are_left_out():
    true = standing()
    true[3:, RIGHT, 1] = 1.0  # the right foot is lower from frame 3 on
    wrong = true.clone()
    wrong[3:, :, 0] += torch.arange(1, 25) * 0.1  # a jump at that change
    assert slide(wrong, true) == pytest.approx(0, abs=1e-3)
    ids = torch.tensor([0, 2, 4, 6, 8])
    assert slide(moved(LEFT, 0.004), standing(), ids=ids) is None
    found = slide(moved(LEFT, 0.004), standing(), ids=ids, stride=2)
    assert found == pytest.approx(4, abs=1e-3)
