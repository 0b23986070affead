"""The whole command on a toy space."""

import json

import numpy as np
import pytest
import torch
from calibrations import make_calibration

from semtta_mm.commands.diagnose_alignment import main
from semtta_mm.diagnosis.align_diagnosis import (
    STAGES,
    Case,
    other_label,
    summary,
)
from semtta_mm.diagnosis.align_measures import Measures
from semtta_mm.diagnosis.align_perturbed import PERTURBED
from semtta_mm.models.motion_text import MotionCLIP
from semtta_mm.models.motion_text.calibration_file import write_calibration
from semtta_mm.models.motion_text.dictionary_file import (
    read_dictionary,
    write_dictionary,
)
from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.synthetic.motions.procedural import make_clip

OPTIONS = dict(
    width=16, layers=1, heads=2, feedforward=16, frames=30, positions=None
)
LABELS = ('march in place', 'sit', 'squat')


@pytest.fixture
def command(tmp_path):
    exemplars = {'exemplar': ['sit'] * 3, 'source': ['a'] * 3}
    words = write_dictionary(
        tmp_path / 'words.npz',
        LABELS,
        np.eye(16)[:3],
        'axes',
        exemplars | {'length': [60] * 3},
        np.zeros((3, 60, 24, 3)),
    )
    rng = np.random.default_rng(0)
    clips = [make_clip(label, rng, 2.0, 30.0, 'test') for label in LABELS]
    motions = write_motion_set(tmp_path / 'test.npz', clips)
    torch.manual_seed(0)
    torch.save(MotionCLIP(**OPTIONS).state_dict(), tmp_path / 'w.pth')
    config = tmp_path / 'toy.py'
    config.write_text(f"motion_text = dict(type='MotionCLIP', **{OPTIONS})")
    return [
        *(str(config), str(motions), '--dictionary', str(words)),
        *('--weights', str(tmp_path / 'w.pth'), '--steps', '3'),
    ]


def test_command(command, tmp_path, capsys):
    reports = []
    for name in 'ab':
        out = tmp_path / f'{name}.json'
        assert main([*command, '--out', str(out)]) == 0
        reports.append(json.loads(out.read_text())['cases'])
    assert reports[0] == reports[1]  # determined by the seed
    assert 'right - wrong' in capsys.readouterr().out
    assert set(reports[0]) == set(PERTURBED)
    assert reports[0]['nothing']['windows'] == 3
    frozen = reports[0]['frozen']
    assert frozen['windows'] < 3  # sitting has no leg motion to freeze
    assert frozen['spread_mm']['before'] < 1 < frozen['spread_mm']['true']
    assert frozen['similarity']['right'] > frozen['similarity']['before']
    assert frozen['similarity']['wrong'] > frozen['similarity']['wrong_before']


def test_calibrated_loss(command, tmp_path, capsys):
    """Least values of -2 are reached from the start: nothing moves."""
    words = read_dictionary(command[3])
    model = MotionCLIP(**OPTIONS, weights=command[5])
    low = torch.full((3,), -2.0)
    found = make_calibration(model, words, cosine=low, margin=low)
    path = write_calibration(tmp_path / 'c.json', found, 'a test')
    out = tmp_path / 'd.json'
    more = ['--calibration', str(path), '--out', str(out)]
    assert main([*command, *more]) == 0
    cases = json.loads(out.read_text())['cases']
    assert cases['nothing']['mpjpe_mm']['right'] == pytest.approx(0, abs=0.1)
    high = torch.full((3,), 2.0)
    found = make_calibration(model, words, cosine=high)
    write_calibration(path, found, 'a test')
    assert main([*command, *more]) == 0
    cases = json.loads(out.read_text())['cases']
    assert cases['nothing']['mpjpe_mm']['right'] > 0.5
    assert main([*command, '--calibration', 'motion_text_open', *more[2:]])
    assert 'was made with' in capsys.readouterr().err


def test_labels_without_a_change(command, tmp_path, capsys):
    out = tmp_path / 'c.json'
    few = ['--labels', 'sit', '--out', str(out), '--variables', 'gain']
    assert main([*command, *few]) == 0
    frozen = json.loads(out.read_text())['cases']['frozen']
    assert frozen['windows'] == 0 and frozen['mpjpe_mm']['right'] is None
    assert frozen['mpjpe_mm']['right_minus_wrong'] is None
    assert main([*command, '--labels', 'fly', '--out', str(out)]) == 2
    assert "'fly' is unknown" in capsys.readouterr().err
    assert main([*command, '--coefficients', '0', '--out', str(out)]) == 2
    assert 'coefficients' in capsys.readouterr().err


def test_summary_by_hand():
    """Two clips of label 0, one of label 1: macro over labels."""
    label = torch.tensor([0, 0, 1])
    values = {
        'before': torch.tensor([10.0, 10, 10]),
        'right': torch.tensor([8.0, 12, 4]),
        'wrong': torch.tensor([11.0, 11, 11]),
    }
    measures = {k: Measures(v, v * 2, v) for k, v in values.items()}
    ones = dict.fromkeys(('right', 'wrong'), torch.ones(3))
    found = summary(Case(label, measures, {'true': torch.ones(3)}, ones))
    place = found['mpjpe_mm']
    assert [place[s] for s in STAGES] == [20, 14, 22]
    assert (place['improved_right'], place['improved_wrong']) == (0.75, 0)
    assert place['right_minus_before']['mean'] == pytest.approx(-6)
    assert place['right_minus_wrong']['mean'] == pytest.approx(-8)
    assert place['wrong_minus_before']['low'] == pytest.approx(2)
    assert found['rotation_deg']['right'] == 7
    assert set(found['spread_mm']) == set(STAGES)


def test_other_label_is_another():
    rows = torch.arange(5)
    assert other_label(rows, 5).tolist() == [2, 3, 4, 0, 1]
    assert (other_label(torch.arange(2), 2) != torch.arange(2)).all()
