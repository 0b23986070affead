import pytest
import torch

from semtta_mm.models.losses import (
    Keypoint2DLoss,
    MotionTextAlignLoss,
    SmoothLoss,
    keypoint_2d_l1,
    motion_text_similarity,
    with_root,
)


def test_keypoint_l1_by_hand():
    prediction = torch.tensor([[[3.0, 4], [0, 0]], [[1.0, 1], [5, 5]]])
    target = torch.zeros(2, 2, 2)
    weight = torch.tensor([[1.0, 0], [0.5, 0]])
    # Sum of weighted distances: 7 + 0.5 * 2 = 8, over 8 entries.
    assert keypoint_2d_l1(prediction, target, weight).item() == 1
    assert keypoint_2d_l1(prediction, target, weight, 'sum').item() == 4
    visible = keypoint_2d_l1(prediction, target, weight, 'visible')
    assert visible.item() == pytest.approx(8 / 3)


@pytest.mark.parametrize('reduction', ['mean', 'sum', 'visible'])
def test_nothing_visible_is_zero_and_has_no_gradient(reduction):
    prediction = torch.randn(2, 3, 2, requires_grad=True)
    target = torch.full((2, 3, 2), torch.nan)
    loss = keypoint_2d_l1(prediction, target, torch.zeros(2, 3), reduction)
    loss.backward()
    assert loss.item() == 0
    assert torch.equal(prediction.grad, torch.zeros(2, 3, 2))


def test_the_loss_is_stated_in_crop_pixels():
    """A box of 448 px: half as many crop pixels as image pixels."""
    boxes = torch.tensor([[100.0, 200, 548, 648]])
    target = torch.tensor([[[300.0, 300]]])
    loss = Keypoint2DLoss(loss_weight=0.1)
    value = loss.compute(target + 20, target, torch.ones(1, 1), boxes)
    assert value.item() == pytest.approx(0.1 * 10, rel=1e-5)
    with pytest.raises(ValueError, match='reduction'):
        Keypoint2DLoss(reduction='median')


def test_smooth_loss_by_hand():
    pose, betas = torch.zeros(2, 24, 3, 3), torch.zeros(2, 10)
    args = pose + 0.5, betas + 2, pose, betas
    loss = SmoothLoss()
    both = loss.compute(*args, torch.tensor([True, True]))
    assert both.item() == pytest.approx(0.5 + 0.001 * 2)
    # Frames without a target count as 0 in the mean, as in the lineage.
    half = loss.compute(*args, torch.tensor([True, False]))
    assert half.item() == pytest.approx(both.item() / 2)
    none = loss.compute(*args, torch.tensor([False, False]))
    assert none.item() == 0


def test_align_loss_by_hand():
    similarity = torch.tensor([0.9, 0.2, 0.5])
    loss = MotionTextAlignLoss(loss_weight=0.2)
    value = loss.compute(similarity, torch.tensor([True, False, True]))
    assert value.item() == pytest.approx(0.2 * (0.1 + 0.5) / 2)
    saturated = MotionTextAlignLoss(loss_weight=0.2, saturation=0.8)
    only_third = saturated.compute(
        similarity, torch.tensor([True, False, True])
    )
    assert only_third.item() == pytest.approx(0.2 * 0.3 / 2)
    nothing = loss.compute(similarity, torch.zeros(3, dtype=torch.bool))
    assert nothing.item() == 0
    same = motion_text_similarity(torch.ones(1, 4), 3 * torch.ones(1, 4))
    assert same.item() == pytest.approx(1)


def test_the_exemplars_root_replaces_the_predicted_one():
    pose = torch.randn(2, 5, 24, 3, 3, requires_grad=True)
    root = torch.randn(2, 5, 3, 3)
    out = with_root(pose, root)
    assert torch.equal(out[:, :, 0], root)
    assert torch.equal(out[:, :, 1:], pose[:, :, 1:])
    out.sum().backward()
    assert torch.equal(pose.grad[:, :, 0], torch.zeros(2, 5, 3, 3))
    assert pose.grad[:, :, 1:].min() == 1


def test_tolerance():
    """Off by 3 and 7 px with a tolerance of 4: 0 + 3, over four entries."""
    target = torch.zeros(1, 2, 2)
    prediction = torch.tensor([[[3.0, -7.0], [50.0, 50.0]]])
    weight = torch.tensor([[1.0, 0.0]])
    prediction.requires_grad_()
    loss = keypoint_2d_l1(prediction, target, weight, tolerance=4.0)
    assert loss.item() == pytest.approx(3 / 4)
    (slope,) = torch.autograd.grad(loss, prediction)
    assert slope.flatten().tolist() == [0, -0.25, 0, 0]
