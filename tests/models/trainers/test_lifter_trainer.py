"""Training of the lifter, and its metric with right, wrong and no text."""

import pytest
import roma
import torch

from semtta_mm.evaluation.metrics import LiftMetric
from semtta_mm.evaluation.metrics.lift_metric import window_errors
from semtta_mm.models.lifters import LiftedWindows
from semtta_mm.models.trainers.lifting.losses import (
    error_likelihood,
    joint_distance,
    lifter_losses,
)
from semtta_mm.registry import MODELS

SMALL = dict(type='TextLifter', width=32, layers=1, heads=2, feedforward=64)


@pytest.fixture(scope='module')
def trainer():
    torch.manual_seed(0)
    return MODELS.build(
        dict(
            type='semtta_mm.LifterTrainer',
            lifter=SMALL,
            body=dict(type='SMPLBody'),
            views=2,
        )
    )


@pytest.fixture
def batch():
    """Legs that swing with the arms, without a label in one window."""
    torch.manual_seed(0)
    turn = torch.zeros(4, 60, 24, 3)
    wave = torch.sin(torch.arange(60) / 5 + torch.rand(4, 1))
    turn[:, :, 1, 0], turn[:, :, 2, 0] = wave, -wave
    turn[:, :, 16, 0] = -wave
    mask = torch.ones(4, 60, dtype=torch.bool)
    mask[0, 40:] = False
    return {
        'pose': roma.rotvec_to_rotmat(turn),
        'mask': mask,
        'label': torch.tensor([3, 7, 3, -1]),
    }


def test_it_learns(trainer, batch):
    adam = torch.optim.Adam(trainer.parameters(), lr=3e-3)
    losses = []
    for step in range(24):
        torch.manual_seed(step % 2)
        loss = sum(trainer(**batch, mode='loss').values())
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(loss.item())
    assert sum(losses[-4:]) < 0.75 * sum(losses[:4])


def test_only_the_lifter_is_in_the_checkpoint(trainer):
    assert all(name.startswith('lifter.') for name in trainer.state_dict())


def test_each_motion_has_several_views(trainer, batch):
    out = trainer(**batch, mode='tensor')
    assert out.pose.shape == (4, 60, 24, 3, 3)
    torch.manual_seed(0)
    losses = trainer(**batch, mode='loss')
    assert {f'loss_{n}' for n in trainer.weights} == set(losses)


def test_samples_go_into_the_metric(trainer, batch):
    torch.manual_seed(0)
    with torch.no_grad():
        samples = trainer(**batch, mode='predict')
    assert len(samples) == 4
    metric = LiftMetric()
    metric.process(None, samples)
    values = metric.compute_metrics(metric.results)
    pattern = samples[0]['pattern']
    for text in ('right', 'wrong', 'none'):
        assert values[f'{pattern}/{text}/mpjpe'] > 0
    assert values[f'{pattern}/right/calibration'] > 0


def test_errors_of_known_motions(trainer, batch):
    truth = batch['pose'][1]
    hidden = torch.zeros(60, 24, dtype=torch.bool)
    hidden[:, 4] = True
    sample = {
        'truth': truth,
        'hidden': hidden,
        'valid': torch.ones(60, dtype=torch.bool),
        'rest_joints': trainer.body.joint_template,
    }
    same = window_errors(truth, sample)
    assert max(same.values()) < 0.05
    turn = roma.rotvec_to_rotmat(torch.tensor([0.0, 0.2, 0.0]))
    root, knee = truth.clone(), truth.clone()
    root[:, 0] = turn @ root[:, 0]
    knee[:, 4] = knee[:, 4] @ turn
    wrong_root, wrong_knee = (window_errors(x, sample) for x in (root, knee))
    degrees = torch.tensor(0.2).rad2deg().item()
    assert wrong_root['root'] == pytest.approx(degrees, abs=0.01)
    assert wrong_root['pa'] < 0.05 < wrong_root['mpjpe']
    assert wrong_knee['hidden'] == pytest.approx(degrees, abs=0.01)
    assert wrong_knee['seen'] < 0.01


def test_the_predicted_error_is_the_mean_angle():
    """``log e + a / e`` is least where e is the mean angle."""
    turn = torch.zeros(1, 2, 24, 3)
    turn[:, 0, :, 0], turn[:, 1, :, 0] = 0.1, 0.3
    pose = roma.rotvec_to_rotmat(turn)
    truth = torch.eye(3).expand_as(pose)
    values = {
        e: error_likelihood(
            LiftedWindows(pose, torch.full((1, 2, 24), e).log(), None), truth
        ).mean()
        for e in (0.15, 0.2, 0.25)
    }
    assert min(values, key=values.get) == 0.2


def test_invalid_frames_are_ignored(batch):
    pose, mask = batch['pose'], batch['mask']
    other = pose.clone()
    other[0, 40:] = roma.random_rotmat((20, 24))
    rest = torch.rand(24, 3)
    found = []
    for motion in (pose, other):
        torch.manual_seed(0)
        out = LiftedWindows(motion, torch.zeros(4, 60, 24), torch.zeros(4, 10))
        found.append(lifter_losses(out, pose, torch.zeros(4, 10), mask, rest))
    for name, value in found[0].items():
        assert torch.allclose(value, found[1][name], atol=1e-6), name
    assert joint_distance(pose, pose, rest).abs().max() < 1e-6
