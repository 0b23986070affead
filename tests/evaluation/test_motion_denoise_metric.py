"""Filling without a network, and the metric that compares with it."""

import math

import pytest
import torch
from mmengine.evaluator import Evaluator
from mmengine.registry import DefaultScope
from torch import Tensor

from semtta_mm.evaluation.functional.motion_fill import (
    fill_average,
    fill_linear,
)
from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.setup_env import register_all_modules


def bend(degrees: list[float]) -> Tensor:
    """All joints turned about x by so much in each frame."""
    turns = torch.zeros(len(degrees), 24, 3)
    turns[..., 0] = torch.tensor(degrees).deg2rad()[:, None]
    return axis_angle_to_matrix(turns)


def test_linear_fill_by_hand():
    pose = bend([99, 10, 99, 99, 40, 20, 99])
    hidden = torch.tensor([True, False, True, True, False, False, True])
    expected = bend([10, 10, 20, 30, 40, 20, 20])
    torch.testing.assert_close(
        fill_linear(pose, hidden), expected, atol=1e-5, rtol=0
    )


def test_average_by_hand():
    """Two shown frames about one axis, weighted by exp(-d^2 / 2)."""
    pose = bend([0, 99, 30])
    hidden = torch.tensor([False, True, False])
    out = fill_average(pose, hidden, sigma=1.0)
    torch.testing.assert_close(out[1], bend([15])[0], atol=1e-5, rtol=0)
    near, far = 1.0, math.exp(-2)
    x = near + far * math.cos(math.radians(30))
    y = far * math.sin(math.radians(30))
    first = bend([math.degrees(math.atan2(y, x))])[0]
    torch.testing.assert_close(out[0], first, atol=1e-5, rtol=0)


@pytest.mark.parametrize('fill', [fill_linear, fill_average])
def test_nothing_shown_is_an_error(fill):
    with pytest.raises(ValueError, match='every frame is hidden'):
        fill(bend([1, 2]), torch.ones(2, dtype=torch.bool))


def test_metric_by_hand():
    register_all_modules()
    with DefaultScope.overwrite_default_scope('semtta_mm'):
        evaluator = Evaluator(dict(type='MotionDenoiseMetric', sigma=0.01))
    hidden = torch.tensor([False, True, False])
    sample = {
        'clean': bend([0, 0, 0]),
        'noisy': bend([10, 50, 30]),
        'denoised': bend([1, 2, 5]),
        'hidden': hidden,
    }
    other = sample | {'denoised': bend([1, 4, 5])}
    evaluator.process([sample, other])
    values = evaluator.evaluate(2)
    expected = {
        'hidden': 3,
        'hidden_linear': 20,
        'hidden_average': 20,
        'hidden_noisy': 50,
        'shown': 3,
        'shown_noisy': 20,
    }
    for name, value in expected.items():
        assert values[f'denoise/{name}'] == pytest.approx(value, abs=1e-3)
    assert values['denoise/windows'] == 2
