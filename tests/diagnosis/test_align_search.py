"""The search on analytic scores: free joints, and their motion."""

import math

import pytest
import torch

from semtta_mm.diagnosis.align_search import (
    VARIABLES,
    SearchOptions,
    cosine_basis,
    search,
)
from semtta_mm.geometry import axis_angle_to_matrix, rotation_angle
from semtta_mm.models.motion_text.degrade import body_part
from semtta_mm.utils import InputError

LEGS = body_part('legs')
FRAMES = 12


def swinging(size, windows=1):
    """All joints turn to and fro about x by ``size`` radians."""
    time = torch.arange(FRAMES) * 2 * math.pi / FRAMES
    turn = torch.zeros(windows, FRAMES, 24, 3)
    turn[..., 0] = size * torch.sin(time)[:, None]
    return axis_angle_to_matrix(turn)


def near(truth):
    """A score that is 1 at the truth, and falls with the distance."""
    return lambda pose: 1 - (pose - truth).square().sum((1, 2, 3, 4))


def all_there(pose):
    return torch.ones(pose.shape[:2], dtype=torch.bool)


@pytest.mark.parametrize('variables', VARIABLES)
def test_finds_the_truth(variables):
    """A damped swing differs from the truth by a smooth offset, or a gain."""
    truth, start = swinging(0.6), swinging(0.2)
    options = SearchOptions(variables, steps=150, lr=0.03)
    found = search(near(truth), start, all_there(start), LEGS, options)
    angle = rotation_angle(found, truth)
    assert angle[:, :, LEGS].max() < 0.02
    assert torch.equal(found[:, :, ~LEGS], start[:, :, ~LEGS])
    assert not found.requires_grad


@pytest.mark.parametrize('variables', VARIABLES)
def test_no_step_changes_nothing(variables):
    start = swinging(0.4)
    options = SearchOptions(variables, steps=0)
    found = search(near(start), start, all_there(start), LEGS, options)
    torch.testing.assert_close(found, start, atol=1e-5, rtol=0)


def test_windows_do_not_influence_each_other():
    truth, start = swinging(0.6, 2), swinging(0.2, 2)
    truth[1] = swinging(-0.3)[0]
    options = SearchOptions(steps=10, lr=0.03)
    both = search(near(truth), start, all_there(start), LEGS, options)
    alone = search(
        near(truth[1:]), start[1:], all_there(start)[1:], LEGS, options
    )
    torch.testing.assert_close(both[1:], alone)


def test_no_gradient_above_saturation():
    truth, start = swinging(0.6), swinging(0.5)
    options = SearchOptions(steps=10, lr=0.03, saturation=-1e3)
    found = search(near(truth), start, all_there(start), LEGS, options)
    torch.testing.assert_close(found, start, atol=1e-5, rtol=0)


def test_observed_joints_are_kept_in_place():
    truth, start, body = swinging(0.6), swinging(0.2), body_part('body')
    moved = []
    for weight in (0.0, 100.0):
        options = SearchOptions(steps=60, lr=0.03, observed_weight=weight)
        found = search(
            near(truth), start, all_there(start), body, options, ~LEGS
        )
        angle = rotation_angle(found, start).mean((0, 1))
        moved.append((angle[LEGS].mean(), angle[body & ~LEGS].mean()))
    assert moved[0][1] > 0.1 > 0.05 > moved[1][1]
    assert moved[1][0] == pytest.approx(float(moved[0][0]), rel=0.02)


def test_cosine_basis():
    basis = cosine_basis(8, 3)
    assert basis.shape == (8, 3) and cosine_basis(2, 5).shape == (2, 2)
    torch.testing.assert_close(basis[:, 0], torch.ones(8))
    gram = basis.T @ basis  # orthogonal; T for the mean, T / 2 for the rest
    expected = torch.diag(torch.tensor([8.0, 4, 4]))
    torch.testing.assert_close(gram, expected, atol=1e-5, rtol=0)
    assert basis[0, 1] == pytest.approx(math.cos(math.pi / 16))


@pytest.mark.parametrize(
    ('field', 'value'),
    [
        ('variables', 'splines'),
        ('steps', -1),
        ('lr', math.nan),
        ('observed_weight', math.inf),
        ('coefficients', 0),
    ],
)
def test_bad_options(field, value):
    with pytest.raises(InputError, match=field):
        SearchOptions(**{field: value})
