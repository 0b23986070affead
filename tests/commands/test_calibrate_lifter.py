"""``semtta calibrate-lifter`` on finished runs."""

import pytest
import torch

from semtta_mm.commands import calibrate_lifter
from semtta_mm.experiments.error_calibration import RotationErrors
from semtta_mm.utils import InputError

PLAN = """
sets = dict(a='folder')
seeds = [0]
rows = [
    dict(name='2d', config='row.py'),
    dict(name='lifter', config='row.py'),
]
"""


@pytest.fixture
def plan(tmp_path):
    (tmp_path / 'plan.py').write_text(PLAN)
    (tmp_path / 'row.py').write_text('x = 1')
    return tmp_path / 'plan.py'


def errors(predicted=None):
    angle = torch.full((90, 24), 12.0)
    angle[:, 0] = 30.0
    seconds = torch.zeros(90, 24)
    angle[:, 4], seconds[:, 4] = 20.0, torch.inf
    return RotationErrors(angle, seconds, predicted)


def test_the_table_has_errors_and_ratio(plan, tmp_path, monkeypatch, capsys):
    asked = []

    def run_errors(run, work_dir, file):
        asked.append((run.row, file))
        half = torch.arange(1, 90 * 24 + 1).reshape(90, 24).float()
        return [errors(half if run.row == 'lifter' else None)]

    monkeypatch.setattr(calibrate_lifter, 'run_errors', run_errors)
    arguments = [str(plan), '--work-dir', str(tmp_path)]
    rows = ['--rows', 'un-adapted', 'lifter']
    assert calibrate_lifter.main(arguments + rows) == 0
    assert asked == [('2d', 'before.npz'), ('lifter', 'result.npz')]
    lines = capsys.readouterr().out.splitlines()
    rows = [x.split() for x in lines]
    seen = next(x for x in rows if x[:2] == ['un-adapted', 'observed'])
    hidden = next(x for x in rows if x[:2] == ['un-adapted', 'hidden'])
    # Root and trunk; knees rise by 20 / 12, so all others do.
    assert seen[2:4] == ['30.0', '12.0']
    assert hidden[2:4] == ['50.0', '20.0']
    numbers = [x for x in rows if x and x[0] == 'lifter'][-1]
    assert len(numbers) == 6  # seconds, scale, two gaps, correlation


def test_a_row_that_was_not_run(plan, tmp_path, monkeypatch):
    def run_errors(run, work_dir, file):
        raise FileNotFoundError(2, 'no file', 'x/result.npz')

    monkeypatch.setattr(calibrate_lifter, 'run_errors', run_errors)
    with pytest.raises(InputError, match=r'2d: has no x/result\.npz'):
        calibrate_lifter.row_errors(plan, tmp_path, '2d')
    with pytest.raises(InputError, match='3d: is no row of'):
        calibrate_lifter.row_errors(plan, tmp_path, '3d')
