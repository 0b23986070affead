"""The translation of points whose projections are known."""

import pytest
import torch

from semtta_mm.geometry.translation import fit_translation


@pytest.fixture
def scene():
    torch.manual_seed(0)
    points = 0.4 * torch.randn(5, 9, 3)
    truth = torch.tensor([0.3, -0.2, 3.0]) + 0.2 * torch.randn(5, 3)
    placed = points + truth[:, None]
    return points, placed[..., :2] / placed[..., 2:], truth


def test_it_is_found_from_exact_projections(scene):
    points, rays, truth = scene
    found = fit_translation(points, rays, torch.ones(5, 9))
    assert torch.allclose(found, truth, atol=1e-3)


def test_points_without_weight_do_not_count(scene):
    points, rays, truth = scene
    weight = torch.ones(5, 9)
    weight[:, :3] = 0
    rays = rays.clone()
    rays[:, :3] += 5
    found = fit_translation(points, rays, weight)
    assert torch.allclose(found, truth, atol=1e-3)


def test_without_points_it_is_finite(scene):
    points, rays, _ = scene
    found = fit_translation(points, rays, torch.zeros(5, 9))
    assert found.isfinite().all()
    assert found[:, 2].tolist() == pytest.approx([4.0] * 5)
