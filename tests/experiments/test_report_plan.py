"""What plans of experiments report."""

import pytest

from semtta_mm.experiments.columns import HEADLINE
from semtta_mm.experiments.report_plan import read_report_plan
from semtta_mm.utils import InputError

PLAN = """
sets = dict(a='sets/a')
seeds = [0]
rows = [dict(name='all', config='a.py'), dict(name='one', config='a.py')]
"""


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / 'plan.py'
    path.write_text(PLAN)
    return path


def test_defaults(plan):
    found = read_report_plan(plan)
    assert (found.title, found.reference) == ('plan', None)
    assert found.metrics == HEADLINE
    assert found.paper is None and found.figures == ()


def test_all_fields(plan):
    plan.write_text(
        PLAN
        + """
title = 'Table 1'
reference = 'all'
pairs = [('all', 'one'), ('one', 'un-adapted')]
metrics = ['mpjpe', 'seconds_per_frame']
paper = dict(dataset='3DPW', rows={'one': dict(mpjpe=76.4)})
figures = ['errors', 'sweep', 'strips']
sweep = dict(name='sigma', rows={'all': 0.5, 'one': 0.75})
strips = dict(rows=['one'], tracks=['cam01'], epochs=[2, 4])
"""
    )
    found = read_report_plan(plan)
    assert found.title == 'Table 1' and found.reference == 'all'
    assert found.pairs == (('all', 'one'), ('one', 'un-adapted'))
    assert found.metrics == ('mpjpe', 'seconds_per_frame')
    assert found.paper.rows['one'] == {'mpjpe': 76.4}
    assert found.sweep == ('sigma', {'all': 0.5, 'one': 0.75})
    assert found.strips.epochs == (2, 4) and found.strips.frames == 6


@pytest.mark.parametrize(
    ('line', 'problem'),
    [
        ("reference = 'two'", 'reference.*two'),
        ("pairs = [('all', 'two')]", 'pairs.*two'),
        ("pairs = ['on']", 'no pair'),
        ("pairs = [('all',)]", 'no pair'),
        ("metrics = ['mpjep']", 'metrics.*mpjep'),
        ("figures = ['bars']", 'figures.*bars'),
        ("figures = ['sweep']", 'sweep.*absent'),
        ("figures = ['strips']", 'strips.*absent'),
        ("sweep = dict(name='a', rows={'two': 1})", 'sweep.rows.*two'),
        ("paper = dict(dataset='a', rows={'two': {}})", 'paper.rows.*two'),
    ],
)
def test_errors(plan, line, problem):
    plan.write_text(f'{PLAN}{line}\n')
    with pytest.raises(InputError, match=problem):
        read_report_plan(plan)
