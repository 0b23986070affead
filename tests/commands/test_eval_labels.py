"""``semtta eval-labels``: shares of right labels."""

import pytest
from mmengine.config import Config

from semtta_mm.commands.eval_labels import hook_of
from semtta_mm.commands.label_tables import (
    Sample,
    accuracy,
    label_tables,
    refusals,
)
from semtta_mm.utils import InputError


def sample(label, confidence, motion='lifted', best=('walk', 'run', 'sit')):
    return Sample(motion, 'none', 'clip', label, best, confidence)


SAMPLES = [
    sample('walk', 0.9),
    sample('run', 0.8),
    sample('sit', 0.3),
    sample('jump', 0.2),
]


def test_accuracy_coverage_and_precision():
    found = accuracy(SAMPLES, 0.5)
    assert (found['spans'], found['top1'], found['top3']) == (4, 0.25, 0.75)
    assert (found['coverage'], found['precision']) == (0.5, 0.5)
    assert accuracy(SAMPLES, 0.85)['precision'] == 1
    assert accuracy(SAMPLES, 0.95)['precision'] is None


def test_tables_by_motion_and_threshold():
    report, shown = label_tables([*SAMPLES, sample('walk', 0.6, 'true')], 0.5)
    assert shown[0].rows == [
        ['lifted', 'none', '4', '25', '75', '50', '50'],
        ['true', 'none', '1', '100', '100', '100', '100'],
    ]
    rows = {tuple(row[:2]): row[2:] for row in shown[1].rows}
    assert rows['lifted', '0'] == ['100', '25']
    assert rows['lifted', '0.9'] == ['25', '100']
    assert rows['true', '0.7'] == ['0', '–']
    assert report['variants']['lifted']['none']['top3'] == 0.75
    assert report['samples'][0]['label'] == 'walk'


def test_refusals_of_right_and_wrong_labels():
    every = {'walk': 0.9, 'run': 0.0995, 'sit': 0.0005}
    samples = [
        sample('walk', 0.9)._replace(every=every),
        sample('sit', 0.9)._replace(every=every),
    ]
    found = refusals(samples, 0.001, 0.5)
    # `sit` is refused in both: a wrong label of four, a right one of two.
    assert found == {'right': 0.5, 'wrong': 0.25}
    assert refusals(samples, 0.2, 0.5) == {'right': 0.5, 'wrong': 0.75}
    assert refusals(samples, 0.2, 0.95) == {'right': 0, 'wrong': 0}


def test_a_config_without_the_hook():
    with pytest.raises(InputError, match='has no MotionLabelHook'):
        hook_of(Config(dict(hooks=dict(fill=None))))
