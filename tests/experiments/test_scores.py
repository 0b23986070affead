"""Tables of ablations, from numbers that can be added by hand."""

import io

import pytest
from rich.console import Console

from semtta_mm.experiments.scores import Score, clip_means, compare
from semtta_mm.experiments.tables import (
    difference_rows,
    difference_table,
    gait_table,
    mean_rows,
    mean_table,
)


def score(row, clip, variant, seed, value, occluded=None, folder='s'):
    values = {
        'mpjpe': value,
        'pa_mpjpe': value / 2,
        'mpjpe_occluded': occluded,
        'step_hz_true': 2.0,
        'step_hz_pred': 2.5,
        'phase_deg': -90.0,
        'swing_ratio': 0.5,
        'root_deg': value / 10,
        'hidden_deg': None,
    }
    return Score(row, folder, variant, clip, seed, values)


SCORES = [
    score('ours', 'c0', 'none', 0, 100.0),
    score('ours', 'c0', 'lower_body', 0, 110.0, 130.0),
    score('ours', 'c0', 'lower_body', 1, 120.0, 150.0),
    score('ours', 'c1', 'lower_body', 0, 50.0, 70.0),
    score('theirs', 'c0', 'lower_body', 0, 125.0, 160.0),
    score('theirs', 'c1', 'lower_body', 0, 60.0, 100.0),
    score('theirs', 'c2', 'lower_body', 0, 999.0, 999.0),
]


def test_seeds_of_a_clip_are_averaged():
    means = clip_means(SCORES, 'ours', 'mpjpe_occluded', ['lower_body'])
    assert means == {('s', 'c0'): 140.0, ('s', 'c1'): 70.0}
    assert clip_means(SCORES, 'ours', 'mpjpe_occluded', ['none']) == {}


def test_differences_are_of_common_clips():
    found = compare(
        SCORES, ('ours', 'theirs'), 'mpjpe_occluded', ['lower_body']
    )
    assert found.mean == pytest.approx((-20 - 30) / 2)
    assert (found.low, found.high) == pytest.approx((-30, -20))
    assert compare(SCORES, ('ours', 'theirs'), 'mpjpe', ['none']) is None


def test_tables():
    means = mean_rows(SCORES)
    mine = next(
        r for r in means if (r['row'], r['variant']) == ('ours', 'lower_body')
    )
    assert mine['mpjpe'] == pytest.approx((115 + 50) / 2)
    assert mine['mpjpe_visible'] is None
    assert mine['clips'] == 2
    gaps = difference_rows(SCORES, 'theirs')
    assert {gap['row'] for gap in gaps} == {'ours'}
    console = Console(width=80, record=True, file=io.StringIO())
    for table in (
        mean_table(means),
        difference_table(gaps, 'theirs'),
        gait_table(SCORES),
    ):
        console.print(table)
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    assert '…' not in text
    assert '-25.0 [-30.0, -20.0]' in text
    assert mine['root_deg'] == pytest.approx((11.5 + 5) / 2)
    assert mine['hidden_deg'] is None
    assert '0.50 (3)' in text  # tempo error of three scores of "ours"


def test_only_comparable_scores_are_merged():
    """Rows of fewer variants, and sets with other rows, are left out."""
    scores = [
        score(row, clip, variant, 0, value, folder=folder)
        for folder, rows in (
            ('a', ('un-adapted', 'ours', 'theirs')),
            ('b', ('un-adapted', 'ours', 'theirs')),
            ('unshifted', ('un-adapted', 'no shift')),
        )
        for row in rows
        for clip, value in (('c0', 100.0), ('c1', 120.0))
        for variant in ('none', 'random', 'lower_body')
        if row != 'theirs' or variant != 'random'
    ]
    means = mean_rows(scores)
    together = [r for r in means if r['set'] == 'a + b']
    assert {r['row'] for r in together} == {'un-adapted', 'ours', 'theirs'}
    assert all(r['clips'] == 4 for r in together)
    assert {r['row'] for r in together if r['variant'] == 'missing'} == {
        'un-adapted',
        'ours',
    }
    assert not [r for r in means if 'unshifted +' in r['set']]
    gaps = difference_rows(scores, 'theirs')
    assert 'missing' not in {gap['variant'] for gap in gaps}
