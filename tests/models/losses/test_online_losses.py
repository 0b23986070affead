"""BOA's terms by hand."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from semtta_mm.models.adaptors import OnlineInput, WindowBatch
from semtta_mm.models.adaptors.online.step import PastFrames, SourceSample
from semtta_mm.models.estimators import ConstantEstimator
from semtta_mm.models.losses import (
    DisplacementLoss,
    NormalizedKeypointLoss,
    ShapePriorLoss,
    SourceLabelLoss,
    TeacherLoss,
)
from semtta_mm.models.losses.online_losses import body_points
from semtta_mm.models.losses.supervised_terms import (
    BodyPoints,
    about_hips,
    body_distance,
    normalized_to_crop,
    weighted_mse,
)
from semtta_mm.structures import MeshPrediction, SMPLParams

BOX = torch.tensor([[10.0, 20, 110, 120]])


class Adaptor(SimpleNamespace):
    """Body and estimator; every projection is what the test says."""

    def project(self, prediction, batch):
        return self.points[: len(batch.frame)]


def bodies(count=1, betas=0.0, tilt=0.0):
    vectors = torch.zeros(count, 24, 3)
    vectors[:, 1, 0] = tilt
    params = SMPLParams.from_axis_angle(
        vectors, torch.full((count, 10), betas)
    )
    return MeshPrediction(params, torch.tensor([[0.9, 0, 0]]).expand(count, 3))


def batch_of(keypoints, weight, boxes=BOX):
    count = len(keypoints)
    return WindowBatch(
        inputs=torch.zeros(count, 1),
        boxes=boxes.expand(count, 4),
        keypoints=keypoints,
        weight=weight,
        target_pose=torch.eye(3).expand(count, 24, 3, 3),
        target_betas=torch.zeros(count, 10),
        target_valid=torch.zeros(count, dtype=torch.bool),
        frame=torch.arange(count),
        order=torch.arange(count),
        valid=torch.ones(1, count, dtype=torch.bool),
        label=torch.tensor([-1]),
        convention='coco_17',
    )


def step_of(body, keypoints, weight, points, **more):
    estimator = ConstantEstimator(input_size=64)
    adaptor = Adaptor(body=body, estimator=estimator, points=points)
    return OnlineInput(
        batch_of(keypoints, weight), bodies(), None, adaptor, **more
    )


def test_crop_coordinates():
    corners = torch.tensor([[[10.0, 20], [110, 120], [60, 70]]])
    want = torch.tensor([[[-1.0, -1], [1, 1], [0, 0]]])
    assert torch.allclose(normalized_to_crop(corners, BOX), want)


def test_keypoints_by_hand(body):
    """5 px of a crop of 100 px are 0.1 of its half."""
    target = torch.zeros(1, 4, 2) + 60
    points = target.clone()
    points[0, 0, 0] += 5
    points[0, 1, 1] += 10
    target[0, 2] = torch.nan
    weight = torch.tensor([[1.0, 0.5, 0, 1]])
    points.requires_grad_()
    loss = NormalizedKeypointLoss(10)(step_of(body, target, weight, points))
    assert float(loss) == pytest.approx(10 * (0.1**2 + 0.5 * 0.2**2) / 8)
    loss.backward()
    assert torch.isfinite(points.grad).all()


def test_nothing_visible_is_zero():
    points = torch.ones(1, 3, 2, requires_grad=True)
    target = torch.full((1, 3, 2), torch.nan)
    loss = weighted_mse(points, target, torch.zeros(1, 3))
    loss.backward()
    assert loss == 0 and not points.grad.any()
    assert weighted_mse(points[:0], target[:0], torch.zeros(0, 3)) == 0


def test_shape_prior(body):
    step = step_of(body, *torch_points(), torch.zeros(1, 17, 2))
    step.prediction = bodies(betas=2.0)
    assert float(ShapePriorLoss(0.1)(step)) == pytest.approx(4.0)


def torch_points():
    return torch.zeros(1, 17, 2), torch.ones(1, 17)


def test_displacement_by_hand(body):
    now, weight = torch.zeros(1, 2, 2) + 60, torch.tensor([[1.0, 1]])
    points = now + torch.tensor([10.0, 0])  # the crop's half is 50 px
    past = PastFrames(
        batch_of(now - 20, torch.tensor([[0.3, 0]])), torch.tensor([0])
    )
    step = step_of(body, now, weight, points)
    assert DisplacementLoss()(step) == 0  # no earlier frame
    step = step_of(
        body, now, weight, points, past=past, run=lambda x: bodies(len(x))
    )
    # Predicted displacement 0, detected 20 px; the second keypoint is missing.
    want = 0.8 * 2 * 0.4**2 / 4
    assert float(DisplacementLoss(0.8)(step)) == pytest.approx(want)
    every = DisplacementLoss(0.8, visible_only=False)(step)
    assert float(every) == pytest.approx(0.8 * 4 * 0.4**2 / 4)


def test_the_hips_are_the_origin():
    joints = torch.zeros(1, 24, 3)
    joints[0, 1], joints[0, 2] = torch.tensor([[1.0, 0, 0], [3, 2, 0]])
    assert torch.equal(about_hips(joints)[0, 0], torch.tensor([-2.0, -1, 0]))


def test_body_distance_by_hand():
    zero = BodyPoints(
        torch.zeros(1, 24, 3),
        torch.zeros(1, 24, 2),
        torch.eye(3).expand(1, 24, 3, 3),
        torch.zeros(1, 10),
    )
    other = BodyPoints(
        zero.joints3d + torch.tensor([1.0, 0, 0]),
        zero.joints2d + 0.5,
        zero.pose + 0.1,
        zero.betas + 2,
    )
    rest = 5 * 0.25 + 0.01 + 0.001 * 4
    assert float(body_distance(other, zero)) == pytest.approx(rest, rel=1e-5)
    whole = body_distance(other, zero, centred=False)
    assert float(whole) == pytest.approx(rest + 5 / 3, rel=1e-5)
    half = torch.zeros(1, 24)
    half[:, :12] = 1
    part = body_distance(other, zero, half)
    assert float(part) == pytest.approx(rest - 5 * 0.125, rel=1e-5)


def source_of(body, tilt):
    estimator = ConstantEstimator(input_size=64)
    adaptor = Adaptor(body=body, estimator=estimator, points=None)
    boxes = torch.tensor([[-1.0, -1, 1, 1]])
    label = body_points(adaptor, bodies(tilt=tilt), boxes)
    return SourceSample(
        inputs=torch.zeros(1, 1),
        pose=label.pose,
        betas=label.betas,
        joints3d=label.joints3d + 7,  # any origin
        joints2d=label.joints2d,
        confidence=torch.ones(1, 24),
    ), label


def test_labels_of_the_source(body):
    run = lambda x: bodies(len(x))  # noqa: E731
    points = torch.zeros(1, 17, 2)
    exact, label = source_of(body, 0.0)
    step = step_of(body, *torch_points(), points, source=exact, run=run)
    assert float(SourceLabelLoss()(step)) == pytest.approx(0, abs=1e-10)
    bent, label = source_of(body, 0.5)
    step = step_of(body, *torch_points(), points, source=bent, run=run)
    found = body_points(
        step.adaptor, bodies(), torch.tensor([[-1.0, -1, 1, 1]])
    )
    want = (
        5
        * (about_hips(found.joints3d) - about_hips(label.joints3d))
        .square()
        .mean()
        + 5 * (found.joints2d - label.joints2d).square().mean()
        + (found.pose - label.pose).square().mean()
    )
    assert want > 0.01
    assert float(SourceLabelLoss(0.1)(step)) == pytest.approx(
        0.1 * float(want), rel=1e-4
    )


def test_projection_of_the_source_is_that_of_its_crop(body):
    """In a crop of S px, -1 to 1 is 0 to S."""
    estimator = ConstantEstimator(input_size=64)
    adaptor = Adaptor(body=body, estimator=estimator, points=None)
    unit = body_points(adaptor, bodies(), torch.tensor([[-1.0, -1, 1, 1]]))
    pixels = body_points(adaptor, bodies(), torch.tensor([[0.0, 0, 64, 64]]))
    assert torch.allclose(unit.joints2d, pixels.joints2d, atol=1e-5)
    # A body 0.9 high fills most of the crop.
    assert np.ptp(unit.joints2d[0, :, 1].numpy()) > 1


def test_source_free_and_teacherless(body):
    step = step_of(body, *torch_points(), torch.zeros(1, 17, 2))
    assert SourceLabelLoss()(step) == 0
    assert TeacherLoss()(step) == 0
    assert SourceLabelLoss()(step).requires_grad is False


def test_teacher(body):
    step = step_of(body, *torch_points(), torch.zeros(1, 17, 2))
    step.teacher = bodies()
    assert float(TeacherLoss()(step)) == pytest.approx(0, abs=1e-10)
    step.teacher = bodies(tilt=0.3)
    centred = TeacherLoss(0.1)(step)
    every = TeacherLoss(0.1, ('smpl_24', 'openpose_25'), centred=False)(step)
    assert 0 < centred != every
    with pytest.raises(ValueError, match='smpl_24'):
        TeacherLoss(conventions=('openpose_25',))
