"""Statistics of true motions: by hand, and the command on a toy space."""

import json

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from semtta_mm.commands.calibrate_alignment import main
from semtta_mm.diagnosis.calibration import judged, up_directions
from semtta_mm.diagnosis.motion_windows import ActionWindows
from semtta_mm.models.motion_text import MotionCLIP
from semtta_mm.models.motion_text.calibration_file import read_calibration
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


def test_up_directions_by_hand():
    """Label 0 leans by 10 degrees to either side, label 2 lies."""
    turns = [[0, 0, 10], [0, 0, -10], [90, 0, 0]]
    root = Rotation.from_euler('xyz', turns, degrees=True).as_matrix()
    pose = torch.eye(3).repeat(3, 5, 24, 1, 1)
    pose[:, :, 0] = torch.tensor(root, dtype=torch.float32)[:, None]
    pose[:, 4:, 0] = torch.eye(3)  # no frame is there
    mask = torch.arange(5).expand(3, 5) < 4
    windows = ActionWindows(
        pose, mask, torch.tensor([0, 0, 2]), ('a',) * 3, {}
    )
    up, spread = up_directions(windows, 4)
    assert up[0].tolist() == pytest.approx([0, 1, 0], abs=1e-6)
    assert up[2].tolist() == pytest.approx([0, 0, -1], abs=1e-6)
    assert spread[0].item() == pytest.approx(10, abs=0.01)
    assert up[1].isnan().all() and spread[3].isnan()


def test_judged_windows_are_few_and_have_all_own():
    label = torch.tensor([0, 1, 1, 2, 2, 2, 0, 1])
    rows = judged(label, 0, 2)
    assert {0, 6} < set(rows.tolist()) and len(rows) == 4
    assert judged(label, 0, 99).tolist() == list(range(8))


@pytest.fixture
def command(tmp_path):
    words = write_dictionary(
        tmp_path / 'words.npz',
        LABELS,
        np.eye(16)[:3],
        'axes',
        {'exemplar': ['sit'] * 3, 'source': ['a'] * 3, 'length': [60] * 3},
        np.zeros((3, 60, 24, 3)),
    )
    rng = np.random.default_rng(0)
    clips = [make_clip(label, rng, 3.0, 30.0, 'test') for label in LABELS[:2]]
    motions = write_motion_set(tmp_path / 'train.npz', clips)
    torch.manual_seed(0)
    torch.save(MotionCLIP(**OPTIONS).state_dict(), tmp_path / 'w.pth')
    config = tmp_path / 'toy.py'
    config.write_text(f"motion_text = dict(type='MotionCLIP', **{OPTIONS})")
    return [
        *(str(config), str(motions), '--dictionary', str(words)),
        *('--weights', str(tmp_path / 'w.pth')),
        *('--out', str(tmp_path / 'a.json')),
    ]


def test_command(command, tmp_path, capsys):
    assert main([*command, '--check', command[1]]) == 0
    out = capsys.readouterr().out
    assert 'squat' in out and 'accepted' in out
    found = read_calibration(tmp_path / 'a.json')
    assert found.labels == LABELS
    assert found.known.tolist() == [True, True, False]
    assert found.cosine[2].isnan() and not found.cosine[:2].isnan().any()
    # The medians of true windows: half of them are at or above.
    model = MotionCLIP(**OPTIONS, weights=tmp_path / 'w.pth')
    found.check(model, read_dictionary(tmp_path / 'words.npz'))
    row = json.loads((tmp_path / 'a.json').read_text())['labels']['squat']
    assert row['windows'] == 0 and row['up'] is None


def test_a_missing_file(command, capsys):
    command[1] = 'none.npz'
    assert main(command) == 2
    assert 'none.npz' in capsys.readouterr().err
