"""Conditions for filling in from a window (Eq. 6)."""

import pytest
import torch

from semtta_mm.models.adaptors.agreement import Agreement, label_rank

COSINES = torch.tensor(
    [
        [0.9, 0.5, 0.1],  # right, and by far
        [0.8, 0.85, 0.2],  # another text fits a little better
        [0.75, 0.1, 0.7],  # exactly sigma
        [0.5, 0.2, 0.1],  # best, but a low cosine
    ]
)
LABEL = torch.zeros(4, dtype=torch.long)


def test_label_rank():
    own, margin, rank = label_rank(COSINES, LABEL)
    assert own.tolist() == pytest.approx([0.9, 0.8, 0.75, 0.5])
    assert margin.tolist() == pytest.approx([0.4, -0.05, 0.05, 0.3])
    assert rank.tolist() == [1, 2, 1, 1]


@pytest.mark.parametrize(
    ('conditions', 'expected'),
    [
        ({}, [True, True, False, False]),  # strictly above 0.75
        ({'sigma': None, 'max_rank': 1}, [True, False, True, True]),
        ({'sigma': None, 'max_rank': 2}, [True] * 4),
        ({'sigma': None, 'min_margin': 0.2}, [True, False, False, True]),
        ({'sigma': 0.6, 'max_rank': 1}, [True, False, True, False]),
        ({'sigma': None}, [True] * 4),
    ],
)
def test_conditions(conditions, expected):
    assert Agreement(**conditions)(COSINES, LABEL).tolist() == expected


def test_without_a_label_nothing_agrees():
    label = torch.tensor([-1, 0, 0, 0])
    cosines = COSINES.clone()
    cosines[0] = torch.nan
    for conditions in ({}, {'sigma': None, 'max_rank': 3}):
        assert not Agreement(**conditions)(cosines, label)[0]
    assert not Agreement(sigma=None)(cosines, label)[0]


def test_equal_cosines_share_the_worse_rank():
    assert label_rank(torch.full((1, 3), 0.5), LABEL[:1])[2].tolist() == [3]
