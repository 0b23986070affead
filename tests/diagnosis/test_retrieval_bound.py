"""Neighbours, weights and means by hand; the command on toy motions."""

import json

import numpy as np
import pytest
import torch
from scipy.spatial.transform import Rotation

from semtta_mm.commands.bound_retrieval import main
from semtta_mm.diagnosis.retrieval_bound import (
    RetrievalBound,
    nearest,
    neighbour_weights,
    summary,
    weighted_guess,
)
from semtta_mm.diagnosis.retrieval_library import (
    LibraryOptions,
    build_library,
)
from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.synthetic.motions.motion_set import write_motion_set
from semtta_mm.training_data import MotionClip

KNEE, ELBOW = 4, 18


def swing(label, knee, elbow, name, seconds=4.0):
    """Knee and elbow turn in one rhythm, with their own amplitudes, rad."""
    time = np.arange(round(seconds * 30)) / 30
    pose = np.tile(np.eye(3), (len(time), 24, 1, 1))
    for joint, size in ((KNEE, knee), (ELBOW, elbow)):
        turn = size * np.sin(2 * np.pi * time)[:, None] * [1, 0, 0]
        pose[:, joint] = Rotation.from_rotvec(turn).as_matrix()
    return MotionClip(name, label, 'test', 30.0, pose)


def test_nearest_are_allowed_ones():
    features = torch.tensor([[0.0], [1.0], [2.0], [10.0]])
    allowed = torch.tensor([[1, 1, 1, 1], [0, 0, 1, 0]]).bool()
    square, rows = nearest(torch.tensor([[1.2], [0.0]]), features, allowed, 2)
    assert rows[0].tolist() == [1, 2]
    assert square[0].tolist() == pytest.approx([0.04, 0.64], abs=1e-5)
    assert rows[1, 0] == 2 and square[1, 1].isinf()


def test_weights_fall_with_the_distance():
    weight = neighbour_weights(torch.tensor([[1.0, 3.0, torch.inf]]))
    first, second = np.exp(-1 / 4), np.exp(-3 / 4)
    expected = np.array([first, second, 0]) / (first + second)
    assert weight[0].tolist() == pytest.approx(expected.tolist())


def test_mean_and_spread_of_turns():
    """Turns of -10 and 10 degrees: no turn, with a spread of 10."""
    turns = Rotation.from_euler('x', [[-10], [10]], degrees=True).as_matrix()
    pose = torch.tensor(turns).view(1, 2, 1, 1, 3, 3)
    guess = weighted_guess(pose, torch.tensor([[0.5, 0.5]]).double())
    assert torch.allclose(guess.pose[0, 0, 0], torch.eye(3).double())
    assert guess.spread.item() == pytest.approx(10, abs=1e-3)


@pytest.fixture
def clips():
    """Walking knees follow the elbows; those of waving stay still."""
    return [
        swing('walk', 0.8, 0.8, 'a'),
        swing('walk', 0.4, 0.4, 'b'),
        swing('wave a hand', 0.0, 0.8, 'c'),
        swing('wave a hand', 0.0, 0.4, 'd'),
    ]


def test_the_library_has_tempos_mirrors_and_shifts(clips):
    options = LibraryOptions(frames=40, shift=10, tempos=(1.0, 2.0))
    library = build_library(clips[:1], read_dictionary(), options)
    # 120 frames: starts 0 to 80; 60 frames at double speed: 0, 10, 20.
    assert len(library) == 2 * (9 + 3)
    assert library.windows(torch.tensor([0, 3]), 4).shape[:2] == (2, 10)
    mirrored = library.motions[2]
    assert torch.allclose(mirrored[:, KNEE], torch.eye(3), atol=1e-6)


def test_the_right_label_knows_the_knees(clips):
    words = read_dictionary()
    library = build_library(
        clips, words, LibraryOptions(frames=40, shift=2, mirrored=False)
    )
    truth = torch.from_numpy(clips[0].pose[5:45]).float()[None]
    label = torch.tensor([words.index('walk')])
    bound = RetrievalBound(library, truth, label, count=4)
    found = bound.pattern(('knee',))
    error = {name: values['error'].item() for name, values in found.items()}
    assert error['right label'] < 2
    assert error['right label'] < 0.3 * error['wrong label']
    # The same elbows wave: without a label half of the neighbours are wrong.
    assert error['right label'] < error['any label'] < error['wrong label']
    assert error['own mean pose'] <= error['mean pose of the label'] + 0.5
    rows = summary(found, label)
    assert rows['own mean pose']['spread'] is None
    assert rows['right label']['minus_right'] is None


def test_command(clips, tmp_path, capsys):
    library = write_motion_set(tmp_path / 'train.npz', clips)
    held_out = [
        swing('walk', 0.6, 0.6, 'e'),
        swing('wave a hand', 0.0, 0.6, 'f'),
    ]
    motions = write_motion_set(tmp_path / 'dev.npz', held_out)
    out = tmp_path / 'a.json'
    command = [str(motions), str(library), '--out', str(out)]
    assert main([*command, '--patterns', 'legs']) == 0
    rows = json.loads(out.read_text())['patterns']['legs']
    right, wrong = (rows[f'{w} label']['error'] for w in ('right', 'wrong'))
    assert right < wrong
    gap = rows['wrong label']['minus_right']['mean']
    assert gap == pytest.approx(wrong - right, abs=1e-4)
    assert 'any label' in capsys.readouterr().out
    assert main([*command, '--frames', '999']) == 2
    assert 'no clip has 999 frames' in capsys.readouterr().err
