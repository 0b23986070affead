"""Expected errors, fitted to errors that are known."""

import pytest
import torch

from semtta_mm.experiments.error_calibration import (
    RotationErrors,
    error_ratio,
    fit_expected_errors,
)
from semtta_mm.models.adaptors.precision import ExpectedErrors


@pytest.fixture
def track():
    """Errors that follow the model exactly, for 4 s at 30 fps."""
    observed = torch.ones(120, 24, dtype=torch.bool)
    observed[10:, 5] = False
    observed[:, 6] = False
    model = ExpectedErrors(30.0, 8.0, 20.0, 0.5)
    away = torch.arange(120.0)[:, None].expand(-1, 24) - 9
    seconds = (away.clamp(min=0) / 30).where(~observed, 0)
    seconds[:, 6] = torch.inf
    return RotationErrors(model.of(observed, 30.0).rad2deg(), seconds)


def test_the_model_is_found_again(track):
    found = fit_expected_errors([track, track])
    assert found.root == pytest.approx(30.0, rel=1e-4)
    assert found.observed == pytest.approx(8.0, rel=1e-4)
    assert found.hidden == pytest.approx(20.0, rel=0.02)
    assert found.seconds == 0.5


def test_nothing_hidden_is_an_error(track):
    seen = RotationErrors(track.angle, torch.zeros(120, 24))
    with pytest.raises(ValueError, match='no rotation is hidden'):
        fit_expected_errors([seen])


def test_ratio_and_order_of_predicted_errors(track):
    half = RotationErrors(track.angle, track.seconds, track.angle / 2)
    ratio, correlation = error_ratio([half])
    assert ratio == pytest.approx(2.0)
    assert correlation == pytest.approx(1.0)
    wrong = RotationErrors(track.angle, track.seconds, 1 / track.angle)
    assert error_ratio([wrong])[1] < -0.9
