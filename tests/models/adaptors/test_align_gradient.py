"""The alignment gradient equals finite differences (Eq. 3-4)."""

import pytest
import torch

from semtta_mm.geometry import axis_angle_to_matrix
from semtta_mm.models.adaptors.alignment import text_similarity
from semtta_mm.models.losses import MotionTextAlignLoss
from semtta_mm.models.motion_text import read_dictionary
from semtta_mm.registry import MODELS
from semtta_mm.setup_env import register_all_modules

FRAMES = 5


@pytest.fixture
def encoder():
    register_all_modules()
    torch.manual_seed(0)
    small = dict(
        width=8, layers=1, heads=2, feedforward=8, text_dim=384, frames=60
    )
    return MODELS.build(dict(type='MotionCLIP', **small)).double()


@pytest.mark.parametrize('rate', [30.0, 25.0])
def test_eq_4_by_finite_differences(encoder, rate):
    """Through the exemplar's root, resampling, encoder and cosine."""
    dictionary = read_dictionary()
    label = torch.tensor([dictionary.index('walk'), -1])
    valid = torch.ones(2, FRAMES, dtype=torch.bool)
    turns = 0.4 * torch.randn(2, FRAMES, 24, 3, dtype=torch.float64)
    hip = turns[:, :, 1].clone().requires_grad_(True)
    loss = MotionTextAlignLoss(loss_weight=0.2)

    def of_hip(value):
        moved = turns.clone()
        moved[:, :, 1] = value
        similarity = text_similarity(
            encoder,
            dictionary,
            axis_angle_to_matrix(moved),
            valid,
            label,
            rate,
        )
        return loss.compute(similarity, label >= 0)

    assert torch.autograd.gradcheck(of_hip, hip, eps=1e-6, atol=1e-6)
    (slope,) = torch.autograd.grad(of_hip(hip), hip)
    assert slope[0].abs().max() > 1e-7
    assert not slope[1].any()  # no label, no pull
    assert not any(p.requires_grad for p in encoder.parameters())
