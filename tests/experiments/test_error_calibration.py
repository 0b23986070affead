"""Expected errors, fitted to errors that are known."""

import math
from dataclasses import astuple

import pytest
import torch

from semtta_mm.experiments.error_calibration import (
    RotationErrors,
    error_ratios,
    fit_expected_errors,
)
from semtta_mm.models.adaptors.precision import KINDS, ExpectedErrors

LOW = dict.fromkeys(KINDS, 8.0) | {'root': 15.0}
HIGH = dict.fromkeys(KINDS, 20.0) | {'root': 30.0, 'hip': 8.0}
HIP, KNEES = 1, (4, 5)


@pytest.fixture
def track():
    """Errors that follow the model exactly, for 4 s at 30 fps."""
    away = torch.arange(120.0)[:, None].expand(-1, 24) - 9
    seconds = torch.zeros(120, 24)
    seconds[:, KNEES[0]] = away[:, 0].clamp(min=0) / 30
    seconds[:, KNEES[1]] = torch.inf
    seconds[:, HIP] = torch.inf
    model = ExpectedErrors(LOW, HIGH, 0.5)
    return RotationErrors(model.after(seconds), seconds)


def test_the_model_is_found_again(track):
    found = fit_expected_errors([track, track])
    assert found.observed == pytest.approx(LOW, rel=1e-4)
    assert found.hidden['knee'] == pytest.approx(20.0, rel=1e-4)
    assert found.hidden['hip'] == pytest.approx(8.0, rel=1e-4)
    assert found.seconds == 0.5


def test_kinds_that_are_never_hidden_rise_like_the_others(track):
    found = fit_expected_errors([track])
    # Knees rise by 2.5, hips not at all.
    factor = (20 / 8 + 1) / 2
    assert found.hidden['elbow'] == pytest.approx(factor * 8, rel=1e-4)


def test_nothing_hidden_is_an_error(track):
    seen = RotationErrors(track.angle, torch.zeros(120, 24))
    with pytest.raises(ValueError, match='no rotation is hidden'):
        fit_expected_errors([seen])


def test_a_kind_that_is_never_observed_is_an_error(track):
    hidden = RotationErrors(track.angle, torch.full((120, 24), torch.inf))
    with pytest.raises(ValueError, match='kind root is observed'):
        fit_expected_errors([hidden])


def test_ratios_and_order_of_predicted_errors(track):
    predicted = track.angle / 2
    gap = (track.seconds > 0) & track.seconds.isfinite()
    predicted = predicted.where(~gap, track.angle / 3)
    found = error_ratios([RotationErrors(*astuple(track)[:2], predicted)])
    assert found.scale == pytest.approx(2.0)
    assert found.local_gap == pytest.approx(1.5)
    assert math.isnan(found.root_gap)  # the root has none
    assert found.correlation > 0.9
    wrong = RotationErrors(track.angle, track.seconds, 1 / track.angle)
    assert error_ratios([wrong]).correlation < -0.9
