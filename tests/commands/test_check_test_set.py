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
    'root_shown_deg': 7.5,
    'mpjpe_before': 120.0,
    'mpjpe': 110.0,
    'exact_2d_worth': 14.0,
    'true_2d_worth': 50.0,
    'mpjpe_occluded': 180.0,
    'hidden_worth': 0.31,
}


@pytest.fixture
def report(monkeypatch):
    values = dict(VALUES)

    def check(folders, config, work_dir, workers, done):
        assert config.name == '2d_smooth.py'
        rows = {'clear': values | {'hidden': None}, 'all': values}
        return {
            'sets': {folder.name: {'variants': rows} for folder in folders},
            'variants': rows,
            'criteria': judged(values),
        }

    monkeypatch.setattr(check_test_set, 'check_test_sets', check)
    return values


def test_all_criteria_are_met(tmp_path, capsys, report):
    words = [str(tmp_path / 'some_dev'), '--work-dir', str(tmp_path)]
    assert check_test_set.main(words) == 0
    out = capsys.readouterr().out
    assert '21.0%' in out and 'NO' not in out
    assert all(c.meaning in out for c in CRITERIA)
    written = json.loads((tmp_path / 'acceptance.json').read_text())
    assert written['variants']['all']['exact_2d_worth'] == 14.0
    assert written['criteria'][0]['range'] == [0.1, 0.4]


def test_one_criterion_is_not_met(tmp_path, capsys, report):
    report['exact_2d_worth'] = 3.0
    words = [str(tmp_path / 'some_dev'), '--work-dir', str(tmp_path)]
    assert check_test_set.main(words) == 1
    assert 'NO' in capsys.readouterr().out


def test_several_sets_are_judged_together(tmp_path, capsys, report):
    folders = [tmp_path / 'open_dev', tmp_path / 'cmu_dev']
    words = [*map(str, folders), '--work-dir', str(tmp_path)]
    assert check_test_set.main(words) == 0
    out = capsys.readouterr().out
    assert out.count('together') >= 2
    assert all(folder.name in out for folder in folders)
    place = check_test_set.default_work_dir(folders)
    assert place.name == 'check_open_dev+cmu_dev'


def test_errors_are_one_line(tmp_path, capsys):
    words = [str(tmp_path), '--work-dir', str(tmp_path)]
    assert check_test_set.main([*words, '--workers', '0']) == 2
    assert check_test_set.main(words) == 2
    error = capsys.readouterr().err
    assert 'manifest.json' in error and 'make-test-set' in error
