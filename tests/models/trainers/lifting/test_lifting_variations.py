"""Variations of training motions."""

import pytest
import torch

from semtta_mm.conventions import limb_joints
from semtta_mm.geometry import axis_angle_to_matrix, rotation_angle
from semtta_mm.models.trainers.lifting.variations import (
    replace_texts,
    vary_motions,
)


@pytest.fixture
def motions():
    """64 windows; all joints of window i are turned by i hundredths."""
    torch.manual_seed(0)
    turn = torch.zeros(64, 30, 24, 3)
    turn[..., 1] = torch.arange(64)[:, None, None] / 100
    mask = torch.ones(64, 30, dtype=torch.bool)
    mask[::2, 20:] = False
    return axis_angle_to_matrix(turn), mask, torch.arange(64)


def test_without_shares_nothing_changes(motions):
    found = vary_motions(*motions, mixed=0.0, turned=0.0)
    for after, before in zip(found, motions, strict=True):
        assert torch.equal(after, before)


def test_limbs_come_from_whole_windows(motions):
    pose, mask, label = vary_motions(*motions, mixed=1.0, turned=0.0)
    assert torch.equal(pose[:, :, 0], motions[0][:, :, 0])
    windows = set()
    for limb in limb_joints():
        joints = pose[:, :, limb]
        same = joints[:, :1, :1].expand_as(joints)
        assert torch.equal(joints, same)  # one window for the whole limb
        angle = rotation_angle(joints[:, 0, 0], torch.eye(3).expand(64, 3, 3))
        order = tuple((100 * angle).round().int().tolist())
        assert sorted(order) == list(range(64))
        windows.add(order)
    assert len(windows) == len(limb_joints())
    assert (label == -1).all()
    assert not (mask & ~motions[1]).any()


def test_turned_windows_keep_root_and_label(motions):
    pose, mask, label = vary_motions(*motions, mixed=0.0, turned=1.0)
    assert torch.equal(pose[:, :, 0], motions[0][:, :, 0])
    assert torch.equal(label, motions[2])
    angle = rotation_angle(pose[:, :, 1:], motions[0][:, :, 1:]).rad2deg()
    assert 5 < angle.mean() < 40
    step = rotation_angle(pose[:, 1:, 1:], pose[:, :-1, 1:]).rad2deg()
    assert step.mean() < 5  # slow


def test_a_share_of_the_texts_is_replaced():
    torch.manual_seed(0)
    label = torch.cat((torch.full((4000,), 3), torch.full((100,), -1)))
    found = replace_texts(label, 40, 0.2)
    assert (found[4000:] == -1).all()
    changed = (found[:4000] != 3).float().mean()
    assert changed == pytest.approx(0.2 * 39 / 40, abs=0.03)
