"""The action classifier: its input, masks and invariance."""

import pytest
import roma
import torch

from semtta_mm.models.bodies import SMPLBody
from semtta_mm.models.classifiers import OPEN_ACTIONS
from semtta_mm.models.classifiers.joint_input import (
    FEATURES,
    body_axes,
    joint_input,
)
from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.registry import MODELS
from semtta_mm.structures import SMPLParams

SMALL = dict(type='semtta_mm.ActionClassifier', width=16, dilations=(1, 2))


@pytest.fixture
def joints():
    torch.manual_seed(0)
    pose = roma.rotvec_to_rotmat(0.3 * torch.randn(2 * 12, 24, 3))
    params = SMPLParams.from_pose(pose, torch.zeros(24, 10))
    return SMPLBody().joints_only(params).unflatten(0, (2, 12))


@pytest.fixture
def classifier():
    torch.manual_seed(0)
    return MODELS.build(SMALL).eval()


def test_axes_are_those_of_the_root():
    torch.manual_seed(0)
    eye = torch.eye(3).expand(3, 24, 3, 3).clone()
    rest = body_axes(SMPLBody().joints_only(_params(eye)))
    eye[:, 0] = roma.random_rotmat(3)
    turned = body_axes(SMPLBody().joints_only(_params(eye)))
    torch.testing.assert_close(turned, eye[:, 0] @ rest)
    assert rest[0].diagonal().min() > 0.95  # left, up and front: x, y, z


def _params(pose):
    return SMPLParams.from_pose(pose, torch.zeros(len(pose), 10))


def test_a_constant_turn_and_the_origin_do_not_matter(joints):
    mask = torch.ones(2, 12, dtype=torch.bool)
    turn = roma.random_rotmat(1)[0]
    moved = joints @ turn.T + torch.randn(2, 12, 1, 3)
    expected = joint_input(joints, mask)
    assert expected.shape == (2, 12, FEATURES)
    torch.testing.assert_close(
        joint_input(moved, mask), expected, atol=1e-5, rtol=0
    )


def test_a_turning_root_matters(joints):
    mask = torch.ones(2, 12, dtype=torch.bool)
    angle = torch.zeros(12, 3)
    angle[:, 1] = torch.arange(12) / 6
    turned = joints @ roma.rotvec_to_rotmat(angle).mT
    found = joint_input(turned, mask) - joint_input(joints, mask)
    half = FEATURES // 2
    assert found[..., :half].abs().max() < 1e-5
    assert found[..., half:].abs().max() > 0.1


def test_invalid_frames_are_ignored(classifier, joints):
    mask = torch.ones(2, 12, dtype=torch.bool)
    mask[0, 8:] = False
    first = classifier(joints, mask)
    joints[0, 8:] = torch.randn(4, 24, 3)
    torch.testing.assert_close(classifier(joints, mask), first)
    alone = classifier(joints[:1, :8])
    torch.testing.assert_close(alone, first[:1], atol=1e-5, rtol=0)
    assert first.shape == (2, len(OPEN_ACTIONS))


def test_wrong_input(classifier, joints):
    for bad, message in (
        ((joints[:, :, :22],), 'joints'),
        ((joints.repeat(1, 6, 1, 1),), 'at most 60'),
        ((joints, torch.ones(2, 12)), 'mask'),
        ((joints, torch.zeros(2, 12, dtype=torch.bool)), 'no frame'),
    ):
        with pytest.raises(ValueError, match=message):
            classifier(*bad)


def test_its_labels_are_those_of_the_dictionary():
    assert sorted(read_dictionary().labels) == list(OPEN_ACTIONS)
