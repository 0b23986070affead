"""Tables of ablations, from numbers that can be added by hand."""

import io

import pytest
from rich.console import Console

from semtta_mm.experiments.markdown import markdown_report
from semtta_mm.experiments.report_plan import PaperNumbers, ReportPlan
from semtta_mm.experiments.scores import Score, clip_means, compare
from semtta_mm.experiments.summary import (
    difference_rows,
    mean_rows,
    pair_rows,
)
from semtta_mm.experiments.tables import (
    difference_table,
    gait_table,
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
        'action_r1': value / 1000,
        'action_r1_true': 0.9,
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
    assert (found.clips, found.better, found.worst) == (2, 2, -20)
    # More is better: both clips are worse, the first one more.
    found = compare(SCORES, ('ours', 'theirs'), 'action_r1', ['lower_body'])
    assert (found.better, found.worst) == (0, pytest.approx(-0.01))
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
        difference_table(gaps),
        gait_table(SCORES),
    ):
        console.print(table)
    text = console.export_text()
    assert max(map(len, text.splitlines())) <= 80
    assert '…' not in text
    assert '-25.0 [-30.0, -20.0] 2/2' in text
    assert mine['root_deg'] == pytest.approx((11.5 + 5) / 2)
    assert mine['hidden_deg'] is None
    assert '0.50 (3)' in text  # tempo error of three scores of "ours"


def test_values_that_follow():
    mine = next(r for r in mean_rows(SCORES) if r['variant'] == 'lower_body')
    assert mine['swing_error'] == pytest.approx(0.5)
    assert mine['step_hz_error'] == pytest.approx(0.5)
    assert mine['steps_found'] == 1
    lost = score('ours', 'c0', 'none', 0, 1.0)
    lost.values['step_hz_pred'] = None
    still = score('ours', 'c1', 'none', 0, 1.0)
    still.values['step_hz_true'] = None
    (mine,) = mean_rows([lost, still])
    assert mine['steps_found'] == 0  # of the one clip with true steps
    assert mine['step_hz_error'] is None


def test_named_pairs():
    gaps = pair_rows(SCORES, [('ours', 'theirs'), ('ours', 'nobody')])
    assert {(g['row'], g['other']) for g in gaps} == {('ours', 'theirs')}
    assert {g['variant'] for g in gaps} == {'lower_body'}
    found = {g['metric']: g for g in gaps}
    assert found['mpjpe']['mean'] == pytest.approx((115 - 125 + 50 - 60) / 2)
    # The same for every row.
    assert 'action_r1_true' not in found


def test_markdown():
    pairs = pair_rows(SCORES, [('ours', 'theirs')])
    gaps = difference_rows(SCORES, 'theirs')
    plan = ReportPlan('a | plan')
    text = markdown_report(mean_rows(SCORES), gaps, pairs, plan)
    assert text.startswith('# a | plan\n')
    heads = [line for line in text.splitlines() if line.startswith('**')]
    lower = heads[heads.index('**Minus "theirs"**') - 1 :]
    assert lower[:2] == ['**Errors**', '**Minus "theirs"**']
    assert lower[-1] == '**"ours" minus "theirs"**'
    assert '| ours | 2 | 82.5 | 41.2 | 105.0 |' in text
    assert '| ours | −10.0 (−10.0, −10.0) |' in text
    line = '| unobserved mm | −25.0 | (−30.0, −20.0) |'
    assert line in text
    assert '| 2 of 2 | −20.0 |' in text
    # Columns that no row has are left out, and every line has all others.
    assert 'Wasserstein' not in text
    for block in text.split('\n\n'):
        if block.startswith('|'):
            counts = {row.count('|') for row in block.splitlines()}
            assert len(counts) == 1


def test_published_numbers_stand_apart():
    paper = PaperNumbers('3DPW', {'ours': {'mpjpe': 76.4}, 'theirs': {}})
    plan = ReportPlan('plan', metrics=('mpjpe',), paper=paper)
    text = markdown_report(mean_rows(SCORES), [], [], plan)
    published, measured = text.split('## ', 1)
    assert 'Published, on 3DPW; not measured here' in published
    assert '| ours | 76.4 |' in published and '| theirs | – |' in published
    assert '76.4' not in measured
    # Columns that the plan does not name come later.
    first = measured.split('**Further errors**')[0]
    assert 'MPJPE' in first and 'unobserved' not in first


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
