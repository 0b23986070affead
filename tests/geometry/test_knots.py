"""Values that are linear between knots."""

import pytest
import torch

from semtta_mm.geometry.knots import Knots


def test_knots_interpolate():
    knots = Knots(9, 4.0)
    assert knots.frames.tolist() == [0, 4, 8]
    values = torch.tensor([0.0, 4.0, 0.0])[:, None, None].expand(-1, 1, 3)
    want = [0, 1, 2, 3, 4, 3, 2, 1, 0]
    assert knots(values)[:, 0, 0].tolist() == pytest.approx(want)
    some = knots(values, torch.tensor([1, 6]))
    assert some[:, 0, 0].tolist() == pytest.approx([1, 2])


def test_a_knot_for_each_frame():
    values = torch.randn(5, 2, 3)
    torch.testing.assert_close(Knots(5, 0)(values), values)


def test_one_frame():
    assert Knots(1, 4.0)(torch.ones(2, 1, 3)).shape == (1, 1, 3)


def test_a_gap_has_knots_of_its_own():
    times = torch.tensor([0, 1, 2, 10, 11, 12])
    knots = Knots(6, 4.0, times)
    values = torch.tensor([0.0, 4, 8, 12])[:, None, None]
    torch.testing.assert_close(knots(values)[:, 0, 0], times.float())
