"""Errors of limbs by hand, and perturbations."""

import math

import pytest
import torch

from semtta_mm.conventions import SMPL_JOINTS
from semtta_mm.diagnosis.align_measures import (
    limb_positions,
    measure,
    towards,
)
from semtta_mm.diagnosis.align_perturbed import PERTURBED, SHIFT, perturb
from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.models.motion_text.degrade import body_part, change

LEGS = body_part('legs')
KNEE = SMPL_JOINTS.index('left_knee')


def walking(frames=40, size=0.5):
    """Hips and shoulders to and fro, a period of 30 frames."""
    turn = torch.zeros(2, frames, 24, 3)
    time = torch.arange(frames) * 2 * math.pi / 30
    for joint, sign in ((1, 1), (2, -1), (16, -1), (17, 1)):
        turn[:, :, joint, 0] = sign * size * torch.sin(time)
    return axis_angle_to_matrix(turn)


def all_there(pose):
    return torch.ones(pose.shape[:2], dtype=torch.bool)


def test_truth_is_perfect():
    pose = walking()
    found = measure(pose, pose, all_there(pose), LEGS)
    assert found.rotation_deg.max() < 0.1 and found.mpjpe_mm.max() == 0


def test_one_knee_by_hand():
    """A knee bent by 90 degrees moves its descendants only."""
    truth = torch.eye(3).expand(1, 4, 24, 3, 3).clone()
    pose = truth.clone()
    bent = torch.tensor([math.pi / 2, 0, 0])
    pose[0, :2, KNEE] = axis_angle_to_matrix(bent)
    mask = torch.tensor([[True, True, True, False]])
    found = measure(pose, truth, mask, LEGS)
    legs = int(LEGS.sum())
    assert legs == 8
    assert found.rotation_deg.item() == pytest.approx(90 / 8 * 2 / 3, abs=0.1)
    places = limb_positions(truth, LEGS)[0, 0]  # knees, ankles, feet
    assert places.shape == (6, 3)
    shank = places[2:5:2] - places[0]  # left ankle and foot from the knee
    chord = math.sqrt(2) * shank[:, 1:].norm(dim=1).sum()
    expected = 1000 * float(chord) / 6 * 2 / 3
    assert found.mpjpe_mm.item() == pytest.approx(expected, rel=1e-4)


def test_root_does_not_count():
    pose = walking()
    turned = pose.clone()
    turned[:, :, 0] = axis_angle_to_matrix(torch.tensor([0.0, 2, 0]))
    assert measure(turned, pose, all_there(pose), LEGS).mpjpe_mm.max() == 0


def test_spread_depends_on_size_but_not_on_phase():
    pose = walking(60)
    frozen = perturb('frozen', pose, all_there(pose), LEGS)
    true = measure(pose, pose, all_there(pose), LEGS).spread_mm[0]
    late = pose.roll(15, 1)
    for wrong, share in ((frozen, 0), (late, 1), (walking(60, 0.25), 0.5)):
        found = measure(wrong, pose, all_there(pose), LEGS).spread_mm[0]
        assert found / true == pytest.approx(share, abs=0.02)


def test_towards():
    start, truth = walking(size=0.2), walking(size=0.4)
    aside = start.clone()
    aside[:, :, 4] = axis_angle_to_matrix(torch.tensor([0.3, 0, 0]))
    for found, expected in ((truth, 1), (start, 0), (aside, 0)):
        angle = towards(start, found, truth)
        assert angle[0].item() == pytest.approx(expected, abs=1e-3)
    back = towards(start, walking(size=0.19), truth)
    assert back[0] == pytest.approx(-1, abs=0.05)


@pytest.mark.parametrize('name', PERTURBED)
def test_only_perturbed_joints_change(name):
    pose = walking(40 + SHIFT)
    wrong = perturb(name, pose, all_there(pose), LEGS, seed=3)
    assert torch.equal(wrong[:, :, ~LEGS], pose[:, :, ~LEGS])
    assert torch.equal(
        wrong, perturb(name, pose, all_there(pose), LEGS, seed=3)
    )
    moved = change(pose, wrong, all_there(pose))
    assert (moved < 0.1).all() if name == 'nothing' else (moved > 3).all()


def test_early_limbs_are_those_of_later_frames():
    pose = walking(40 + SHIFT)
    wrong = perturb('early by 1/3 s', pose, all_there(pose), LEGS)
    torch.testing.assert_close(
        wrong[:, :40, LEGS], pose[:, SHIFT:, LEGS], atol=1e-5, rtol=0
    )
