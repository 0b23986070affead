"""The translation of points whose projections are known."""

import pytest
import torch

from semtta_mm.geometry.translation import (
    fit_translation,
    robust_translation,
)


@pytest.fixture
def scene():
    torch.manual_seed(0)
    points = 0.4 * torch.randn(5, 9, 3)
    truth = torch.tensor([0.3, -0.2, 3.0]) + 0.2 * torch.randn(5, 3)
    placed = points + truth[:, None]
    return points, placed[..., :2] / placed[..., 2:], truth


def fit(points, rays, weight, depth=4.0, depth_weight=1e-8):
    full = torch.full((2, len(points)), 1.0)
    return fit_translation(
        points, rays, weight, depth * full[0], depth_weight * full[1]
    )


def test_it_is_found_from_exact_projections(scene):
    points, rays, truth = scene
    assert torch.allclose(
        fit(points, rays, torch.ones(5, 9)), truth, atol=1e-3
    )


def test_points_without_weight_do_not_count(scene):
    points, rays, truth = scene
    weight = torch.ones(5, 9)
    weight[:, :3] = 0
    rays = rays.clone()
    rays[:, :3] += 5
    assert torch.allclose(fit(points, rays, weight), truth, atol=1e-3)


def test_an_expected_depth_counts_by_its_weight(scene):
    points, rays, truth = scene
    held = fit(points, rays, torch.ones(5, 9), 6.0, 1e8)
    assert held[:, 2].tolist() == pytest.approx([6.0] * 5, abs=1e-3)
    between = fit(points, rays, torch.ones(5, 9), 6.0, 0.1)[:, 2]
    assert (between > truth[:, 2]).all() and (between < 6).all()


def test_without_points_it_is_the_expected_depth(scene):
    points, rays, _ = scene
    found = fit(points, rays, torch.zeros(5, 9))
    assert found[:, 2].tolist() == pytest.approx([4.0] * 5)
    assert found[:, :2].abs().max() == 0


FRAMES, RATE = 31, 30


@pytest.fixture
def walk():
    """A person 3 to 4 m away; left and right points are 0.2 m apart."""
    generator = torch.Generator().manual_seed(0)
    half = 0.3 * torch.randn(6, 3, generator=generator)
    half[:, 0] = half[:, 0].abs() + 0.1
    points = torch.cat((half, half * torch.tensor([-1.0, 1.0, -1.0])))
    points = points.expand(FRAMES, 12, 3)
    truth = torch.zeros(FRAMES, 3)
    truth[:, 2] = torch.linspace(3.0, 4.0, FRAMES)
    placed = points + truth[:, None]
    return points, placed[..., :2] / placed[..., 2:], truth


def robust(points, rays, seen=None, reach=15):
    if seen is None:
        seen = torch.ones(points.shape[:2], dtype=torch.bool)
    size = torch.full((len(points),), 0.4)
    return robust_translation(points, rays, seen, size, 0.02, reach)


def test_robust_is_exact_without_outliers(walk):
    points, rays, truth = walk
    # The median of the neighbours at both ends is off by a quarter second.
    assert torch.allclose(robust(points, rays), truth, atol=0.08)


def test_one_wrong_point_hardly_counts(walk):
    points, rays, truth = walk
    rays = rays.clone()
    rays[:, 3] += 0.3
    plain = fit(points, rays, torch.ones(FRAMES, 12))
    assert (plain - truth).norm(dim=-1).mean() > 0.3
    assert (robust(points, rays) - truth).norm(dim=-1).max() < 0.25


def test_swapped_sides_keep_the_depth_of_their_neighbours(walk):
    points, rays, truth = walk
    rays, swapped = rays.clone(), slice(12, 16)
    sides = [0, 1, 2, 3, 6, 7, 8, 9]
    rays[swapped, sides] = rays[swapped][:, sides].roll(4, dims=1)
    plain = fit(points, rays, torch.ones(FRAMES, 12))
    assert (plain - truth)[swapped, 2].abs().min() > 1.0
    assert (robust(points, rays) - truth)[swapped, 2].abs().max() < 0.5


def test_frames_without_points_have_the_depth_of_their_neighbours(walk):
    points, rays, truth = walk
    seen = torch.ones(FRAMES, 12, dtype=torch.bool)
    seen[10:14] = False
    found = robust(points, rays, seen)
    assert (found - truth)[:, 2].abs().max() < 0.2
    nothing = robust(points, rays, torch.zeros_like(seen))
    assert nothing[:, 2].tolist() == pytest.approx([1.5 / 0.4] * FRAMES)


def test_a_long_lens_changes_nothing(walk):
    """The same keypoints in a crop camera, 50 times as far away."""
    points, _, truth = walk
    truth = 50 * truth
    placed = points + truth[:, None]
    rays = placed[..., :2] / placed[..., 2:]
    size = torch.full((FRAMES,), 0.4 / 50)
    seen = torch.ones(FRAMES, 12, dtype=torch.bool)
    found = robust_translation(points, rays, seen, size, 0.02, 15)
    assert torch.allclose(found, truth, rtol=0.03, atol=0.03)
