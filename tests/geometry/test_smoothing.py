"""Rotations are averaged over neighbouring frames."""

import torch

from semtta_mm.geometry import axis_angle_to_matrix, matrix_to_axis_angle
from semtta_mm.geometry.smoothing import smooth_rotations


def turning(angles):
    axis = torch.zeros(len(angles), 2, 3)
    axis[..., 1] = torch.as_tensor(angles)[:, None]
    return axis_angle_to_matrix(axis)


def test_a_steady_turn_stays():
    angles = torch.linspace(0, 2, 41)
    found = matrix_to_axis_angle(smooth_rotations(turning(angles), 1.5))
    torch.testing.assert_close(
        found[8:-8, 0, 1], angles[8:-8], atol=1e-4, rtol=0
    )


def test_jitter_falls():
    torch.manual_seed(0)
    angles = 0.1 * torch.randn(200)
    found = matrix_to_axis_angle(smooth_rotations(turning(angles), 1.0))
    # The standard deviation of a Gaussian mean of white noise: 0.53.
    assert 0.4 < found[:, 0, 1].std() / angles.std() < 0.65


def test_results_are_rotations():
    torch.manual_seed(0)
    found = smooth_rotations(turning(torch.randn(20)), 2.0)
    eye = torch.eye(3).expand_as(found)
    torch.testing.assert_close(found @ found.mT, eye, atol=1e-5, rtol=0)


def test_no_width_changes_nothing():
    rotations = turning(torch.randn(5))
    assert smooth_rotations(rotations, 0.0) is rotations
