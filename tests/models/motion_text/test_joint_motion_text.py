"""Joints in the pelvis' frame: no root, velocities, no padding."""

import math

import pytest
import roma
import torch

from semtta_mm.models.motion_text import JointMotionText
from semtta_mm.models.motion_text.joint_motion_text import SIZE, joint_motion
from semtta_mm.setup_env import register_all_modules

KNEE, ANKLE = 4, 7
"""The left ones."""


@pytest.fixture(scope='module')
def model():
    register_all_modules()
    torch.manual_seed(0)
    return JointMotionText(
        dict(type='SMPLBody'), width=16, layers=1, heads=2, feedforward=16
    )


def bending_knee(frames=30, per_second=1.0):
    turn = torch.zeros(1, frames, 24, 3)
    turn[0, :, KNEE, 0] = torch.arange(frames) / 30 * per_second
    return roma.rotvec_to_rotmat(turn)


def test_positions_and_velocities_by_hand(model):
    pose = bending_knee()
    mask = torch.ones(1, 30, dtype=torch.bool)
    features, there = joint_motion(pose, mask, model.rest)
    assert features.shape == (1, 20, SIZE) and there.all()
    position, velocity = (features / 3).unflatten(2, (2, 21, 3)).unbind(2)
    length = (model.rest[ANKLE] - model.rest[KNEE]).norm()
    speed = velocity[0, 1:, ANKLE - 1].norm(dim=-1)
    expected = (length * 1.0).expand(19)
    assert torch.allclose(speed, expected, rtol=0.02)
    assert velocity[0, :, KNEE - 1].abs().max() < 1e-4
    rest = model.rest[1:22] - model.rest[0]
    assert torch.allclose(position[0, 0], rest, atol=1e-5)


def test_the_root_has_no_influence(model):
    pose = bending_knee()
    turned = pose.clone()
    turned[:, :, 0] = roma.rotvec_to_rotmat(torch.tensor([0.3, 1, 2]))
    assert torch.equal(model(pose), model(turned))
    turned.requires_grad_()
    model(turned).sum().backward()
    assert turned.grad[:, :, 0].abs().max() == 0
    assert turned.grad[:, :, KNEE].abs().max() > 0


def test_padding_has_no_influence(model):
    pose = bending_knee(40, math.pi)
    mask = torch.arange(40)[None] < 25
    broken = pose.clone()
    broken[:, 25:] = torch.nan
    found = model(broken, mask)
    assert torch.allclose(found, model(pose, mask))
    assert not torch.allclose(found, model(pose))
    assert found.shape == (1, 384)


def test_frozen(model):
    assert not any(p.requires_grad for p in model.parameters())
    assert not model.train().training
    assert 'rest' not in model.state_dict()
