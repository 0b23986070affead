"""The bilevel gradient and the teacher, against closed forms."""

import pytest
import torch
from torch import nn

from semtta_mm.models.adaptors.online.functional import (
    AdaptingPart,
    cosine_distance,
    dropout_as_in_training,
    ema_update,
    frozen_copy,
    inner_step,
)
from semtta_mm.models.estimators import ConstantEstimator

HESSIAN = torch.tensor([[3.0, 1], [1, 2]])
GOAL = torch.tensor([1.0, -2])
UPPER = torch.tensor([[2.0, -0.5], [-0.5, 4]])
UPPER_GOAL = torch.tensor([0.5, 0.25])
LR = 0.1


def lower(x):
    return 0.5 * (x - GOAL) @ HESSIAN @ (x - GOAL)


def upper(x):
    return 0.5 * (x - UPPER_GOAL) @ UPPER @ (x - UPPER_GOAL)


@pytest.mark.parametrize('second_order', [True, False])
def test_gradient_of_a_quadratic(second_order):
    x = torch.tensor([0.3, 0.7], requires_grad=True)
    moved = inner_step(lower(x), {'x': x}, LR, second_order)['x']
    start = x.detach()
    want = start - LR * HESSIAN @ (start - GOAL)
    assert torch.allclose(moved, want)
    upper(moved).backward()
    gradient = UPPER @ (want - UPPER_GOAL)
    if second_order:
        gradient = (torch.eye(2) - LR * HESSIAN) @ gradient
    assert torch.allclose(x.grad, gradient, atol=1e-6)


def test_the_two_orders_differ_by_the_hessian():
    grads = []
    for second_order in (True, False):
        x = torch.tensor([0.3, 0.7], requires_grad=True)
        moved = inner_step(lower(x), {'x': x}, LR, second_order)['x']
        upper(moved).backward()
        grads.append(x.grad)
    full, first = grads
    assert torch.allclose(full - first, -LR * HESSIAN @ first, atol=1e-6)
    assert (full - first).abs().min() > 0.01


def test_no_gradient_moves_nothing():
    x, unused = torch.ones(2, requires_grad=True), torch.ones(1)
    kept = {'x': x, 'unused': unused.requires_grad_()}
    assert inner_step(torch.zeros(()), kept, LR, True) == kept
    moved = inner_step(lower(x), kept, LR, True)
    assert moved['unused'] is unused
    assert not torch.equal(moved['x'], x)


def test_teacher_is_a_moving_average():
    student = {'w': torch.tensor([1.0, 2.0], requires_grad=True)}
    teacher = frozen_copy(student)
    student['w'].data.copy_(torch.tensor([2.0, 0.0]))
    ema_update(teacher, student, 0.1)
    assert torch.allclose(teacher['w'], torch.tensor([1.9, 0.2]))
    ema_update(teacher, student, 0.1)
    assert torch.allclose(teacher['w'], torch.tensor([1.99, 0.02]))
    assert not teacher['w'].requires_grad
    assert student['w'].tolist() == [2.0, 0.0]


def test_cosine_distance():
    a = torch.tensor([[1.0, 0], [0, 0]])
    assert float(cosine_distance(a, 3 * a)) == pytest.approx(0, abs=1e-12)
    b = torch.tensor([[1.0, 0], [0, 1]])
    assert float(cosine_distance(a, b)) == pytest.approx(1 - 0.5**0.5)


def test_a_network_under_other_parameters():
    estimator = ConstantEstimator(input_size=8)
    estimator.scale = nn.Parameter(torch.tensor(1.0))
    predict = estimator.predict

    def scaled(images):
        out = predict(images)
        return type(out)(out.params, out.camera * estimator.scale)

    estimator.predict = scaled
    part = AdaptingPart(estimator, head=False)
    assert set(part.parameters_now()) == {'estimator.scale'}
    images = torch.zeros(1, 3, 8, 8)
    double = {'estimator.scale': torch.tensor(2.0, requires_grad=True)}
    out = part.under(double)(images)
    assert torch.allclose(out.camera, 2 * estimator(images).camera)
    out.camera.sum().backward()
    assert double['estimator.scale'].grad is not None
    assert estimator.scale.item() == 1


def test_dropout_is_switched_back():
    net = nn.Sequential(nn.Dropout(0.5), nn.Linear(2, 2)).eval()
    with dropout_as_in_training(net, True):
        assert net[0].training and not net[1].training
    assert not net[0].training
    with dropout_as_in_training(net, False):
        assert not net[0].training
