"""The lifted pose loss, by hand."""

import pytest
import torch

from semtta_mm.models.losses import LiftedPoseLoss


def test_each_rotation_has_its_weight():
    eye = torch.eye(3).repeat(2, 24, 1, 1)
    target = eye.clone()
    target[0, 0] += 0.9  # root
    target[1, 5] += 0.3
    weight = torch.zeros(2, 24)
    weight[0, 0], weight[1, 5] = 0.5, 1.0
    loss = LiftedPoseLoss(loss_weight=2.0, root_weight=3.0)
    found = loss.compute(eye, target, weight).item()
    assert found == pytest.approx(2.0 * (3.0 * 0.9 * 0.5 + 0.3) / 48)


def test_a_weight_of_0_has_no_gradient():
    pose = torch.zeros(1, 24, 3, 3, requires_grad=True)
    weight = torch.ones(1, 24)
    weight[0, 7] = 0
    LiftedPoseLoss().compute(pose, pose.detach() + 1, weight).backward()
    assert pose.grad[0, 7].abs().max() == 0
    assert pose.grad[0, 8].abs().min() > 0
