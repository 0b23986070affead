"""Upright axes and level worlds, as pure functions."""

import numpy as np
import pytest
import torch

from semtta_mm.export.floor import floor_height, lift_to_floor
from semtta_mm.export.motion import rest_joints
from semtta_mm.export.placement import Placement, level_axes, upright
from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.structures import SMPLParams


def down(*vector):
    """Up directions of three frames of a static camera."""
    up = torch.tensor(vector, dtype=torch.float32)
    return torch.nn.functional.normalize(up, dim=0).expand(3, 3)


def test_a_level_camera_keeps_its_own_axes():
    level = level_axes(down(0, -1, 0))
    torch.testing.assert_close(level, upright(3).rotation)


@pytest.mark.parametrize(
    'up', [(0, -1, 0.2), (0.3, -1, -0.4), (0, 0, -1), (0, 0, 1), (1, 0, 0)]
)
def test_level_axes_are_a_rotation_with_y_up(up):
    rotation = level_axes(down(*up))
    torch.testing.assert_close(rotation @ rotation.T, torch.eye(3))
    assert torch.linalg.det(rotation) > 0
    torch.testing.assert_close(
        rotation @ down(*up)[0], torch.tensor([0.0, 1, 0])
    )
    # What is in front of the camera is at -z, or at least not behind.
    assert (rotation @ torch.tensor([0.0, 0, 1]))[2] <= 1e-6


def test_a_camera_that_looks_down():
    """The top of its picture is forward: -z."""
    rotation = level_axes(down(0, 0, -1))
    top = rotation @ torch.tensor([0.0, -1, 0])
    torch.testing.assert_close(top, torch.tensor([0.0, 0, -1]))


def test_bodies_and_their_points_move_together(body, truth):
    """Placing parameters is placing joints, with any rotation and shape."""
    turn = axis_angle_to_matrix(torch.tensor([0.4, -1.0, 0.7]))
    generator = torch.Generator().manual_seed(0)
    offset, transl = torch.randn(2, len(truth), 3, generator=generator)
    betas = torch.randn(len(truth), 10, generator=generator)
    params = SMPLParams.from_pose(truth.pose, betas, transl)
    place = Placement(turn, offset)
    with torch.no_grad():
        before = body.joints_only(params)
        after = body.joints_only(
            place.bodies(params, rest_joints(body, betas)[:, 0])
        )
    torch.testing.assert_close(place.points(before), after)


def test_one_wrong_frame_does_not_move_the_floor():
    lowest = np.full(100, 0.3)
    lowest[50] = -2.0
    assert floor_height(lowest) == pytest.approx(0.3)


def test_no_foot_is_below_and_the_lift_is_continuous():
    rng = np.random.default_rng(0)
    frames = np.arange(200)
    lowest = 1.0 + rng.normal(0, 0.02, 200)
    lowest[60:64] -= 0.5
    raised = lift_to_floor(lowest, frames, 25.0, 1)
    heights = lowest + raised
    assert heights.min() >= 0
    # Most frames stand on it.
    assert np.median(heights) < 0.06
    # 0.5 m within a window of 11 frames: at most a tenth of it a frame.
    assert np.abs(np.diff(raised)).max() < 0.06
    away = np.abs(frames - 62) > 15
    assert np.ptp(raised[away]) < 0.05


@pytest.mark.parametrize('count', [1, 2, 9])
def test_short_tracks_stand_on_the_floor(count):
    lowest = np.linspace(-1, -1.2, count)
    raised = lift_to_floor(lowest, np.arange(count), 30.0, 1)
    assert (lowest + raised).min() >= 0


def test_a_gap_separates_lifts():
    lowest = np.array([0.0] * 20 + [-1.0] + [0.0] * 20)
    frames = np.r_[np.arange(20), 100, np.arange(200, 220)]
    raised = lift_to_floor(lowest, frames, 30.0, 1)
    assert raised[:20].tolist() == [0] * 20
    assert raised[20] == 1
