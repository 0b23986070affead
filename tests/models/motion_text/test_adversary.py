"""Perturbed rotations with a higher score."""

import pytest
import torch

from semtta_mm.geometry import axis_angle_to_matrix, rotation_angle
from semtta_mm.models.motion_text.adversary import (
    adversarial_versions,
    raise_score,
)


@pytest.fixture
def pose():
    torch.manual_seed(0)
    return axis_angle_to_matrix(0.3 * torch.randn(4, 12, 24, 3))


@pytest.fixture
def mask():
    mask = torch.ones(4, 12, dtype=torch.bool)
    mask[1, 7:] = False
    return mask


def score(pose):
    """Mean rotation of all joints about x."""
    return pose[..., 2, 1].mean(dim=(1, 2))


def test_the_score_rises_and_the_change_is_limited(pose, mask):
    degrees = torch.tensor([4.0, 4, 8, 0])
    slow = torch.tensor([False, False, True, False])
    moved = raise_score(score, pose, mask, degrees, slow)
    gain = score(moved) - score(pose)
    assert (gain[:3] > 0.01).all()
    angle = rotation_angle(pose, moved).rad2deg()
    square = (angle[:, :, 1:].square() * mask[..., None]).sum((1, 2))
    rms = (square / (23 * mask.sum(1))).sqrt()
    assert torch.allclose(rms[:3], degrees[:3], rtol=0.05)
    assert angle[3].max() < 0.01


def test_roots_and_invalid_frames_are_unchanged(pose, mask):
    moved = raise_score(
        score, pose, mask, torch.full((4,), 9.0), mask[:, 0] < 0
    )
    assert torch.equal(moved[:, :, 0], pose[:, :, 0])
    assert torch.allclose(moved[1, 7:], pose[1, 7:], atol=1e-6)
    assert not moved.requires_grad


def test_slow_offsets_are_slow(pose):
    whole = torch.ones(4, 12, dtype=torch.bool)
    weight = torch.randn(12, 24)  # another one in every frame

    def rough(moved):
        return (moved[..., 2, 1] * weight).mean(dim=(1, 2))

    wanted = torch.full((4,), 5.0)
    roughness = []
    for slow in (False, True):
        slow_ones = torch.full((4,), slow)
        moved = raise_score(rough, pose, whole, wanted, slow_ones, steps=1)
        turn = rotation_angle(
            pose.roll(-1, 1).mT @ moved.roll(-1, 1), pose.mT @ moved
        )
        roughness.append(turn[:, :-1].mean())
    assert roughness[1] < 0.8 * roughness[0]


def test_scores_of_degraded_versions_rise_and_of_true_ones_fall(pose, mask):
    def of_label(moved, masks, labels):
        assert len(moved) == len(masks) == len(labels)
        return score(moved)

    torch.manual_seed(1)
    versions = [pose.repeat(8, 1, 1, 1, 1)] * 2
    masks, label = mask.repeat(8, 1), torch.arange(32)
    out = adversarial_versions(of_label, versions, masks, label, (3.0, 8.0))
    gain = [
        score(new) - score(old) for new, old in zip(out, versions, strict=True)
    ]
    assert (gain[0] <= 1e-6).all()
    assert (gain[1] >= -1e-6).all()
    for change in gain:
        assert 0.2 < (change.abs() > 1e-5).float().mean() < 0.8
    assert -gain[0].min() < gain[1].max()
