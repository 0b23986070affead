"""Inputs of the lifter, ignored values, and its initial output."""

from dataclasses import replace

import pytest
import roma
import torch

from semtta_mm.models.lifters import (
    LifterEvidence,
    TextLifter,
    camera_numbers,
)

B, T, K = 3, 12, 23
SMALL = dict(
    text_dim=8, frames=T, patch=4, width=16, layers=2, heads=2, feedforward=32
)


@pytest.fixture(scope='module')
def net():
    """A network whose outputs depend on all inputs."""
    torch.manual_seed(0)
    net = TextLifter(**SMALL)
    for linear in (net.pose_out, net.error_out, net.betas_out):
        torch.nn.init.normal_(linear.weight, std=0.3)
    torch.nn.init.normal_(net.no_text, std=1.0)
    return net.eval()


@pytest.fixture
def evidence():
    torch.manual_seed(1)
    scores = torch.rand(B, T, K) * (torch.rand(B, T, K) < 0.7)
    low = 100 * torch.rand(B, T, 2)
    valid = torch.ones(B, T, dtype=torch.bool)
    valid[1, 7:] = False
    return LifterEvidence(
        keypoints=low[:, :, None] + 200 * torch.rand(B, T, K, 2),
        scores=scores,
        boxes=torch.cat((low, low + 200), dim=-1),
        valid=valid,
        camera=torch.rand(B, T, 3),
        camera_known=torch.tensor([True, True, False]),
        estimate=roma.random_rotmat((B, T, 24)),
        estimate_known=torch.tensor([True, False, True]),
    )


def lift(net, evidence, text=None, has_text=None):
    text = torch.ones(B, 8) if text is None else text
    with torch.no_grad():
        return net(evidence, text, has_text)


def test_an_untrained_lifter_gives_a_person_who_faces_the_camera(evidence):
    out = lift(TextLifter(**SMALL), evidence)
    rest = torch.eye(3).repeat(24, 1, 1)
    rest[0] = torch.diag(torch.tensor([1.0, -1.0, -1.0]))
    assert torch.allclose(out.pose, rest.expand(B, T, -1, -1, -1), atol=0.1)
    assert out.betas.abs().max() < 0.1
    assert torch.allclose(
        out.log_error.exp().rad2deg().mean(), torch.tensor(12.8), atol=1
    )


def test_outputs_are_rotations(net, evidence):
    pose = lift(net, evidence).pose
    eye = torch.eye(3).expand_as(pose)
    assert torch.allclose(pose @ pose.mT, eye, atol=1e-5)
    assert torch.allclose(torch.linalg.det(pose), torch.ones(()), atol=1e-5)


def test_missing_values_change_nothing(net, evidence):
    nothing = evidence.scores == 0
    points = evidence.keypoints.clone()
    points[nothing] = torch.nan
    camera = evidence.camera.clone()
    camera[2] = 1e6
    estimate = evidence.estimate.clone()
    estimate[1] = torch.nan
    other = replace(
        evidence, keypoints=points, camera=camera, estimate=estimate
    )
    for first, second in zip(
        vars(lift(net, evidence)).values(),
        vars(lift(net, other)).values(),
        strict=True,
    ):
        assert torch.equal(first, second)


def test_invalid_frames_change_nothing(net, evidence):
    other = replace(
        evidence,
        keypoints=evidence.keypoints.clone(),
        boxes=evidence.boxes.clone(),
    )
    other.keypoints[1, 7:] = 1e4
    other.boxes[1, 7:] = torch.tensor([0.0, 0, 9e3, 1])
    assert torch.equal(lift(net, evidence).pose, lift(net, other).pose)


@pytest.mark.parametrize('part', ['keypoints', 'scores', 'camera', 'estimate'])
def test_every_part_of_the_evidence_counts(net, evidence, part):
    values = getattr(evidence, part).clone()
    values[0] = values[0].roll(1, dims=0)
    change = lift(net, replace(evidence, **{part: values})).pose
    moved = (change - lift(net, evidence).pose).abs().amax(dim=(1, 2, 3, 4))
    assert moved[0] > 1e-4 and moved[1:].max() == 0


def test_position_and_scale_of_the_person_do_not_count(net, evidence):
    """Pixels are relative to the box."""
    moved = replace(
        evidence,
        keypoints=3 * evidence.keypoints + 70,
        boxes=3 * evidence.boxes + 70,
    )
    first, second = lift(net, evidence), lift(net, moved)
    assert torch.allclose(first.pose, second.pose, atol=1e-3)


def test_no_text_is_a_text_of_its_own(net, evidence):
    told = torch.tensor([True, False, True])
    first = lift(net, evidence, torch.ones(B, 8), told).pose
    second = lift(net, evidence, torch.zeros(B, 8), told).pose
    moved = (first - second).abs().amax(dim=(1, 2, 3, 4))
    assert moved[1] == 0 and moved[0] > 1e-3 and moved[2] > 1e-3


def test_other_lengths_are_refused(net, evidence):
    short = LifterEvidence(
        **{
            name: value[:, :8] if value.dim() > 1 else value
            for name, value in vars(evidence).items()
        }
    )
    with pytest.raises(ValueError, match='windows of 12 frames, got 8'):
        lift(net, short)
    with pytest.raises(ValueError, match='patch: 5 does not divide 12'):
        TextLifter(**SMALL | {'patch': 5})


def test_camera_numbers_of_a_centred_and_a_shifted_box():
    camera = torch.tensor([[500.0, 0, 320], [0, 400.0, 240], [0, 0, 1]])
    boxes = torch.tensor([[310.0, 190, 330, 290], [410, 180, 430, 220]])
    found = camera_numbers(boxes, camera.expand(2, 3, 3))
    want = [[0, 0, 100 / 450], [100 / 500, -40 / 400, 40 / 450]]
    assert torch.allclose(found, torch.tensor(want))
