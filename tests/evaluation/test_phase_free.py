"""Errors that do not depend on phase, of motions that can be shifted."""

import numpy as np
import pytest
import torch
from scipy.stats import wasserstein_distance

from semtta_mm.evaluation.functional.phase_free import (
    best_phase_error,
    wasserstein_over_time,
)
from semtta_mm.utils import InputError


def swing(frames=60, late=0, period=20):
    """One joint on a line, with a period of 20 frames."""
    time = torch.arange(frames) - late
    x = torch.sin(2 * torch.pi * time / period)
    return torch.stack((x, torch.zeros(frames), torch.zeros(frames)), -1)[
        :, None
    ]


ALL = torch.ones(60, 1, dtype=torch.bool)


@pytest.mark.parametrize('late', [7, -7])
def test_the_right_motion_late_has_no_error(late):
    found = best_phase_error(swing(late=late), swing(), ALL, 10)
    assert found.error == pytest.approx(0, abs=1e-2)
    assert found.shift == late


def test_the_shift_is_limited():
    """Of 7 frames 4 are allowed: 3 remain."""
    found = best_phase_error(swing(late=7), swing(), ALL, 4)
    expected = best_phase_error(swing(late=3), swing(), ALL, 0)
    assert found.shift == 4
    assert found.error == pytest.approx(expected.error, rel=0.05)


def test_a_frozen_joint_gains_nothing():
    still = torch.zeros(60, 1, 3)
    found = best_phase_error(still, swing(), ALL, 0)
    best = best_phase_error(still, swing(), ALL, 10)
    assert best.error == pytest.approx(found.error, rel=0.06)


def test_by_hand():
    """Positions 0, 1, 2, 3 m, the prediction one frame late and 10 mm off."""
    true = torch.zeros(4, 1, 3)
    true[:, 0, 0] = torch.tensor([0.0, 1, 2, 3])
    late = true - torch.tensor([1.0, 0.01, 0])
    mask = torch.ones(4, 1, dtype=torch.bool)
    found = best_phase_error(late, true, mask, 1)
    assert found == (pytest.approx(10, abs=1e-3), 1)
    # Three of four frames are left; of these, masked ones do not count.
    mask[1:] = False
    true[1:] = torch.nan
    assert best_phase_error(late, true, mask, 1).shift == 1


def test_a_shift_must_leave_half():
    """A ramp 6 of 10 frames late would be exact on the 4 that remain."""
    true = torch.zeros(10, 1, 3)
    true[:, 0, 0] = torch.arange(10.0)
    mask = torch.ones(10, 1, dtype=torch.bool)
    found = best_phase_error(true - torch.eye(3)[0] * 6, true, mask, 9)
    assert found == (pytest.approx(1000), 5)
    mask[:] = False
    mask[9] = True  # the last frame: no later prediction exists
    assert best_phase_error(true, true, mask, 3).shift == 0


def test_nothing_counts():
    assert best_phase_error(swing(), swing(), ~ALL, 5) is None
    assert wasserstein_over_time(swing(), swing(), ~ALL) is None
    with pytest.raises(InputError, match='most'):
        best_phase_error(swing(), swing(), ALL, -1)


def test_distributions_ignore_order():
    true = swing()
    shuffled = true[torch.randperm(60)]
    assert wasserstein_over_time(shuffled, true, ALL) == pytest.approx(
        0, abs=1e-3
    )
    # 30 mm off along one of three axes.
    off = true + torch.tensor([0.0, 0.03, 0])
    assert wasserstein_over_time(off, true, ALL) == pytest.approx(10, abs=1e-3)


def test_as_scipys():
    rng = np.random.default_rng(0)
    mine, true = rng.normal(size=(2, 30, 2, 3))
    mask = np.ones((30, 2), bool)
    mask[10:, 1] = False
    expected = [
        np.mean(
            [
                wasserstein_distance(mine[at, j, a], true[at, j, a])
                for a in range(3)
            ]
        )
        for j, at in enumerate(mask.T)
    ]
    found = wasserstein_over_time(*map(torch.from_numpy, (mine, true, mask)))
    whole = (30 * expected[0] + 10 * expected[1]) / 40
    assert found == pytest.approx(1000 * whole)
