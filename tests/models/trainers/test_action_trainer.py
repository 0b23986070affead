"""Training of the action classifier."""

import pytest
import roma
import torch

from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.registry import MODELS
from semtta_mm.utils import InputError

SMALL = dict(type='ActionClassifier', width=32, dilations=(1, 4))
TRAINER = dict(
    type='semtta_mm.ActionClassifierTrainer',
    classifier=SMALL,
    body=dict(type='SMPLBody'),
)


@pytest.fixture
def trainer():
    torch.manual_seed(0)
    return MODELS.build(TRAINER)


@pytest.fixture
def batch():
    """Swinging arms and swinging legs, of any phase."""
    turn = torch.zeros(16, 30, 24, 3)
    wave = torch.sin(torch.arange(30) / 4 + 6 * torch.rand(16, 1))
    turn[:8, :, 16, 0] = wave[:8]
    turn[8:, :, 1, 0] = wave[8:]
    mask = torch.ones(16, 30, dtype=torch.bool)
    mask[0, 20:] = False
    label = torch.tensor([3] * 8 + [7] * 8)
    return {
        'pose': roma.rotvec_to_rotmat(turn),
        'mask': mask,
        'label': label,
    }


def test_it_learns(trainer, batch):
    adam = torch.optim.Adam(trainer.parameters(), lr=3e-3)
    for _ in range(30):
        loss = trainer(**batch, mode='loss')['loss_action']
        adam.zero_grad()
        loss.backward()
        adam.step()
    trainer.eval()
    with torch.no_grad():
        samples = trainer(**batch, mode='predict')
    for name in ('true', 'perturbed'):
        found = [int(s[name].argmax()) for s in samples]
        right = [int(s['label']) for s in samples]
        assert sum(a == b for a, b in zip(found, right, strict=True)) >= 14


def test_the_root_is_perturbed_too(trainer, batch):
    wrong = trainer._perturbed(batch['pose'])
    angle = roma.rotmat_geodesic_distance(wrong, batch['pose']).rad2deg()
    exact = angle.amax(dim=(1, 2)) < 0.1
    assert exact.any() and not exact.all()
    assert angle[~exact][:, :, 0].mean() > 2


def test_rows_of_the_dictionary_are_outputs(trainer):
    labels = trainer.classifier.labels
    for row, word in enumerate(read_dictionary().labels):
        assert labels[trainer.rows[row]] == word
    assert all(k.startswith('classifier.') for k in trainer.state_dict())


def test_a_label_is_lacking():
    few = SMALL | {'labels': ('walk',)}
    with pytest.raises(InputError, match='labels'):
        MODELS.build(TRAINER | {'classifier': few})
