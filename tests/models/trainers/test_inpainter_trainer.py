"""Training of the inpainter, and its metric with right, wrong and no text."""

import pytest
import roma
import torch

from semtta_mm.evaluation.metrics import InpaintMetric
from semtta_mm.registry import MODELS

SMALL = dict(type='TextInpainter', width=32, layers=1, heads=2, feedforward=64)


@pytest.fixture
def trainer():
    torch.manual_seed(0)
    return MODELS.build(
        dict(type='semtta_mm.InpainterTrainer', inpainter=SMALL)
    )


@pytest.fixture
def batch():
    """Two actions: legs that swing with the arms, and standing still."""
    turn = torch.zeros(8, 60, 24, 3)
    wave = torch.sin(torch.arange(60) / 5 + torch.rand(4, 1))
    turn[:4, :, 1, 0], turn[:4, :, 2, 0] = wave, -wave
    turn[:4, :, 16, 0] = -wave
    mask = torch.ones(8, 60, dtype=torch.bool)
    mask[0, 40:] = False
    label = torch.tensor([3] * 4 + [7] * 4)
    return {
        'pose': roma.rotvec_to_rotmat(turn),
        'mask': mask,
        'label': label,
    }


def test_it_learns(trainer, batch):
    adam = torch.optim.Adam(trainer.parameters(), lr=3e-3)
    losses = []
    for step in range(60):
        torch.manual_seed(step % 4)
        loss = sum(trainer(**batch, mode='loss').values())
        adam.zero_grad()
        loss.backward()
        adam.step()
        losses.append(loss.item())
    assert sum(losses[-8:]) < 0.7 * sum(losses[:8])


def test_invalid_frames_are_ignored(trainer, batch):
    torch.manual_seed(0)
    with torch.no_grad():
        first = trainer(**batch, mode='loss')
    batch['pose'][0, 45:] = roma.random_rotmat((15, 24))
    torch.manual_seed(0)
    with torch.no_grad():
        second = trainer(**batch, mode='loss')
    for name, value in first.items():
        assert second[name].item() == pytest.approx(value.item(), abs=1e-6)


def test_the_dictionary_is_not_part_of_a_checkpoint(trainer):
    assert all(k.startswith('inpainter.') for k in trainer.state_dict())


def test_samples_and_metric(trainer, batch):
    torch.manual_seed(0)
    torch.nn.init.normal_(trainer.inpainter.pose_out.weight, std=0.1)
    samples = trainer(**batch, mode='predict')
    assert not (samples[0]['right'] == samples[0]['wrong']).all()
    assert not samples[0]['hidden'][40:].any()
    truth, hidden = samples[0]['truth'], samples[0]['hidden']
    samples[0] |= {'right': truth, 'hidden': hidden}
    quarter = roma.rotvec_to_rotmat(torch.tensor([torch.pi / 2, 0, 0]))
    samples[0]['wrong'] = truth @ quarter
    metric = InpaintMetric()
    metric.process(None, samples[:1])
    found = metric.compute_metrics(metric.results)
    assert found['right'] == pytest.approx(0, abs=0.1)
    assert found['wrong'] == pytest.approx(90, abs=0.1)
    angle = roma.rotmat_geodesic_distance(truth, torch.eye(3).expand_as(truth))
    assert found['rest'] == pytest.approx(
        angle[hidden].rad2deg().mean().item(), abs=1e-3
    )
