"""Figures of experiments: what is drawn, from numbers of one digit."""

import cv2
import pytest

from semtta_mm.experiments.figures import (
    draw_figures,
    error_bars,
    label_bars,
)
from semtta_mm.experiments.report_plan import ReportPlan
from semtta_mm.experiments.scores import Score

LABELS = {'c0': 'walk', 'c1': 'walk', 'c2': 'jump'}
ERRORS = {
    'un-adapted': (90.0, 110.0, 70.0),
    'ours': (80.0, 90.0, 75.0),
    'theirs': (85.0, 85.0, 71.0),
}
SCORES = [
    Score(row, 'open', 'none', clip, 0, {'mpjpe': value}, LABELS[clip])
    for row, values in ERRORS.items()
    for clip, value in zip(LABELS, values, strict=True)
]


def test_error_bars():
    mean, low, high = error_bars(SCORES)['ours']
    assert mean == pytest.approx((80 + 90 + 75) / 3)
    assert 75 <= low < mean < high <= 90


def test_labels_the_best_first():
    bars = label_bars(SCORES, ('ours', 'un-adapted'))
    assert list(bars) == ['walk', 'jump']
    assert bars['walk'][0] == pytest.approx((80 - 90 + 90 - 110) / 2)
    assert bars['jump'] == (5.0, 5.0, 5.0)  # one clip has no interval


def test_files(tmp_path):
    plan = ReportPlan(
        'plan',
        pairs=(('ours', 'un-adapted'),),
        figures=('errors', 'labels', 'sweep'),
        sweep=('sigma', {'ours': 0.7, 'theirs': 0.5}),
    )
    written = draw_figures(SCORES, plan, tmp_path)
    assert [path.name for path in written] == [
        'errors_open.png',
        'labels_ours_-_un-adapted.png',
        'sweep.png',
    ]
    for path in written:
        assert cv2.imread(str(path)).std() > 5


def test_nothing_to_draw(tmp_path):
    plan = ReportPlan(
        'plan', figures=('errors', 'sweep'), sweep=('sigma', {'absent': 0.7})
    )
    assert draw_figures([], plan, tmp_path) == []
