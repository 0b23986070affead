import pytest
import torch

from semtta_mm.evaluation.constant import mean_pose, procrustes_mean
from semtta_mm.evaluation.functional.articulation import (
    heading_error,
    swing_gain,
)
from semtta_mm.geometry import axis_angle_to_matrix


def about_y(*degrees):
    angles = torch.deg2rad(torch.tensor(degrees))
    zero = torch.zeros_like(angles)
    return axis_angle_to_matrix(torch.stack([zero, angles, zero], dim=1))


def test_heading_wraps_and_ignores_pitch():
    error = heading_error(about_y(10, 170, 0), about_y(40, -170, 180))
    assert error.tolist() == pytest.approx([30, 20, 180], abs=1e-3)
    pitch = axis_angle_to_matrix(torch.tensor([[0.5, 0, 0]]))
    turned = about_y(25.0)
    assert heading_error(turned @ pitch, turned).item() == pytest.approx(
        0, abs=1e-3
    )


def test_swing_gain_by_hand():
    times = torch.linspace(0, 6.283185, 101)[:-1]
    path = torch.zeros(100, 2, 3)
    path[:, 0, 2] = torch.sin(times)
    damped = 0.4 * path + 7.0  # another place, less motion
    damped[:, 0, 1] += torch.sin(20 * times)  # jitter is no swing
    gain = swing_gain(damped, path)
    assert gain[0].item() == pytest.approx(0.4, abs=1e-5)
    assert gain[1].isnan()
    assert swing_gain(-path, path)[0].item() == pytest.approx(-1)


def test_procrustes_mean_of_turned_copies():
    """All are one shape in other places: their mean is that shape."""
    torch.manual_seed(0)
    shape = torch.randn(12, 3)
    turned = shape @ about_y(*range(0, 360, 30)).transpose(1, 2)
    bodies = turned * torch.linspace(0.8, 1.2, 12)[:, None, None] + 3.0
    mean = procrustes_mean(bodies)
    ratio = torch.cdist(mean, mean)[0, 1:] / torch.cdist(shape, shape)[0, 1:]
    assert ratio.std() / ratio.mean() < 1e-4
    # The plain mean of bodies that face everywhere is no body at all.
    flat = mean_pose(turned)
    assert flat[:, [0, 2]].abs().max() < 1e-5
