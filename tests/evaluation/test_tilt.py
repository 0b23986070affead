"""Tilt and heading of roots that are turned by known angles."""

import pytest
import roma
import torch

from semtta_mm.evaluation.functional.tilt import (
    CAMERA_UP,
    root_errors,
    swing_and_twist,
)
from semtta_mm.utils import InputError

UP = torch.tensor(CAMERA_UP)


def about(axis, degrees):
    """Rotations about an axis, one for each angle."""
    angle = torch.tensor(degrees).deg2rad()
    return roma.rotvec_to_rotmat(torch.outer(angle, torch.tensor(axis)))


def errors(error, true=None, up=UP):
    true = roma.random_rotmat(len(error)) if true is None else true
    return root_errors(error @ true, true, up.expand(len(error), 3))


def test_a_turn_about_the_vertical_is_heading_only():
    turn = about([0.0, 1.0, 0.0], [30.0, -170.0, 0.0])
    found = errors(turn)
    assert found.tilt.tolist() == pytest.approx([0, 0, 0], abs=1e-2)
    # Up is -y: a turn about y is a negative one about up.
    assert found.heading.tolist() == pytest.approx([-30, 170, 0], abs=1e-2)


def test_a_turn_about_a_level_axis_is_tilt_only():
    turn = about([0.6, 0.0, 0.8], [25.0, -100.0])
    found = errors(turn)
    assert found.tilt.tolist() == pytest.approx([25, 100], abs=1e-2)
    assert found.heading.tolist() == pytest.approx([0, 0], abs=1e-2)


def test_tilt_is_the_angle_between_ups_in_the_axes_of_the_body():
    torch.manual_seed(0)
    pose, truth = roma.random_rotmat(20), roma.random_rotmat(20)
    found = root_errors(pose, truth, UP.expand(20, 3)).tilt
    ups = (pose.mT @ UP, truth.mT @ UP)
    angle = (ups[0] * ups[1]).sum(-1).clamp(-1, 1).acos().rad2deg()
    torch.testing.assert_close(found, angle, atol=0.05, rtol=0)


def test_both_parts_of_one_error():
    turn = about([1.0, 0.0, 0.0], [20.0]) @ about([0.0, -1.0, 0.0], [40.0])
    swing, twist = swing_and_twist(turn, UP[None])
    assert swing.item() == pytest.approx(20, abs=1e-2)
    assert twist.item() == pytest.approx(40, abs=1e-2)


def test_the_vertical_is_given_not_assumed():
    turn = about([0.0, 0.0, 1.0], [50.0])
    found = errors(turn, up=torch.tensor([0.0, 0.0, 1.0]))
    assert found.tilt.item() == pytest.approx(0, abs=1e-2)
    assert found.heading.item() == pytest.approx(50, abs=1e-2)


def test_constant_part():
    """A swaying tilt of mean 10 degrees, headings that cancel."""
    turn = about([1.0, 0.0, 0.0], [4.0, 10.0, 16.0])
    found = errors(turn)
    assert found.tilt.mean().item() == pytest.approx(10, abs=1e-2)
    assert found.tilt_constant == pytest.approx(10, abs=1e-2)
    found = errors(about([0.0, 1.0, 0.0], [-30.0, 30.0]))
    assert found.heading.abs().mean().item() == pytest.approx(30, abs=1e-2)
    assert found.heading_constant == pytest.approx(0, abs=1e-2)


def test_shapes():
    eye = torch.eye(3).expand(4, 3, 3)
    with pytest.raises(InputError, match='up'):
        root_errors(eye, eye, UP[None])
