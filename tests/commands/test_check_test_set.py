"""The command on made-up values; runs are tested with the ablation."""

import json

import pytest

from semtta_mm.commands import check_test_set
from semtta_mm.experiments.acceptance import CRITERIA, judged

VALUES = {
    'missing': 0.21,
    'hidden': 0.15,
    'guessed': 0.3,
    'error_share': 0.03,
    'no_person': 0.01,
    'root_constant_deg': 8.0,
    'mpjpe': 110.0,
    'true_2d_worth': 14.0,
    'mpjpe_occluded': 180.0,
    'hidden_worth': 0.31,
}


@pytest.fixture
def report(monkeypatch):
    values = dict(VALUES)

    def check(folder, config, work_dir, workers, done):
        assert config.name == '2d_smooth.py'
        return {
            'set': folder.name,
            'variants': {'clear': values | {'hidden': None}, 'all': values},
            'criteria': judged(values),
        }

    monkeypatch.setattr(check_test_set, 'check_test_set', check)
    return values


def test_all_criteria_are_met(tmp_path, capsys, report):
    words = [str(tmp_path / 'some_dev'), '--work-dir', str(tmp_path)]
    assert check_test_set.main(words) == 0
    out = capsys.readouterr().out
    assert '21.0%' in out and 'NO' not in out
    assert all(c.meaning in out for c in CRITERIA)
    written = json.loads((tmp_path / 'acceptance.json').read_text())
    assert written['variants']['all']['true_2d_worth'] == 14.0
    assert written['criteria'][0]['range'] == [0.1, 0.4]


def test_one_criterion_is_not_met(tmp_path, capsys, report):
    report['true_2d_worth'] = 3.0
    words = [str(tmp_path / 'some_dev'), '--work-dir', str(tmp_path)]
    assert check_test_set.main(words) == 1
    assert 'NO' in capsys.readouterr().out


def test_errors_are_one_line(tmp_path, capsys):
    words = [str(tmp_path), '--work-dir', str(tmp_path)]
    assert check_test_set.main([*words, '--workers', '0']) == 2
    assert check_test_set.main(words) == 2
    error = capsys.readouterr().err
    assert 'manifest.json' in error and 'make-test-set' in error
