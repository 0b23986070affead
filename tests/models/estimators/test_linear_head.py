"""The linear regressor against mmhuman3d's head."""

import pytest
import torch

from semtta_mm.models.estimators.linear_head import is_linear, regress_linear
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules


@pytest.fixture
def head():
    register_all_modules()
    torch.manual_seed(0)
    head = MODELS.build(dict(type='mmhuman3d.HMRHead', feat_dim=20, hdim=32))
    for value in (head.init_pose, head.init_shape, head.init_cam):
        value.copy_(torch.randn(value.shape))
    return head.eval()


@pytest.mark.parametrize('iterations', [1, 3])
def test_bodies_and_slopes_are_those_of_the_head(head, iterations):
    features = torch.randn(5, 20, 2, 3, requires_grad=True)
    results = []
    for out in (
        head(features, n_iter=iterations),
        regress_linear(head, features, iterations),
    ):
        total = sum(
            (v * torch.arange(5.0).view(-1, *[1] * (v.dim() - 1))).sum()
            for v in out.values()
        )
        wanted = (features, *head.parameters())
        results.append((out, torch.autograd.grad(total, wanted)))
    (theirs, their_slopes), (ours, our_slopes) = results
    assert theirs.keys() == ours.keys()
    for name in theirs:
        assert torch.allclose(theirs[name], ours[name], atol=1e-5), name
    for a, b in zip(their_slopes, our_slopes, strict=True):
        assert torch.allclose(a, b, rtol=1e-3, atol=1e-4)


def test_dropout_needs_the_head_itself(head):
    assert is_linear(head)
    head.train()
    assert not is_linear(head)
    head.drop1.p = head.drop2.p = 0.0
    assert is_linear(head)


def test_a_sub_class_is_not_treated_as_linear(head):
    class HMRHead(type(head)):
        pass

    head.__class__ = HMRHead
    assert not is_linear(head)
