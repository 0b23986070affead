"""Bootstrap of a mean difference: by hand, and its properties."""

import pytest
import torch

from semtta_mm.evaluation.functional.bootstrap import paired_bootstrap
from semtta_mm.utils import InputError


def test_two_clips_by_hand():
    """The draws' means are 0, 1, 2 with chances 1/4, 1/2, 1/4."""
    found = paired_bootstrap(torch.tensor([0.0, 2.0]), draws=4000)
    assert (found.mean, found.low, found.high) == (1, 0, 2)
    # A quarter of the draws is exactly zero, on both sides of it.
    assert found.p == pytest.approx(0.5, abs=0.05)


def test_equal_clips_have_no_spread():
    found = paired_bootstrap(torch.full((5,), -3.0), draws=999)
    assert found[:3] == (-3, -3, -3)
    assert found.p == pytest.approx(2 / 1000)  # never exactly 0
    assert paired_bootstrap(torch.zeros(5), draws=9) == (0, 0, 0, 1)


def test_interval_of_the_normal_distribution():
    values = torch.randn(400, generator=torch.Generator().manual_seed(1)) + 0.1
    found = paired_bootstrap(values, seed=3)
    half = 1.96 * float(values.std()) / 20
    assert found.mean == pytest.approx(float(values.mean()), abs=1e-6)
    assert found.high - found.mean == pytest.approx(half, rel=0.06)
    assert found.mean - found.low == pytest.approx(half, rel=0.06)
    mirrored = paired_bootstrap(-values, seed=3)
    assert mirrored.low == pytest.approx(-found.high)
    assert mirrored.p == found.p


def test_seed_determines_the_draws():
    values = torch.arange(9.0) - 3
    assert paired_bootstrap(values, 4) == paired_bootstrap(values, 4)
    assert paired_bootstrap(values, 4) != paired_bootstrap(values, 5)


def test_weights_make_a_macro_mean():
    values, label = torch.tensor([1.0, 1, 1, 5]), torch.tensor([0, 0, 0, 1])
    weight = 1 / label.bincount()[label]
    assert paired_bootstrap(values, weight=weight).mean == pytest.approx(3)
    same = paired_bootstrap(values, weight=torch.full((4,), 7.0))
    assert same == pytest.approx(paired_bootstrap(values))


@pytest.mark.parametrize(
    ('values', 'options', 'field'),
    [
        (torch.ones(1), {}, 'differences'),
        (torch.ones(2, 2), {}, 'differences'),
        (torch.tensor([1.0, torch.nan]), {}, 'differences'),
        (torch.ones(2), {'weight': torch.ones(3)}, 'weight'),
        (torch.ones(2), {'weight': torch.tensor([1.0, 0])}, 'weight'),
        (torch.ones(2), {'draws': 0}, 'draws'),
    ],
)
def test_bad_input(values, options, field):
    with pytest.raises(InputError, match=field):
        paired_bootstrap(values, **options)
