"""Similarity alignment against independent paths, and where it degenerates."""

import numpy as np
import pytest
import roma
import scipy.linalg
import scipy.optimize
import torch
from scipy.spatial.transform import Rotation

from semtta_mm.evaluation.functional import pa_mpjpe, similarity_align


def random_points(*shape: int, seed: int = 0) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(*shape, dtype=torch.float64, generator=generator)


def transformed(points, scale=1.7, seed=1):
    generator = torch.Generator().manual_seed(seed)
    quaternion = torch.randn(
        len(points), 4, dtype=torch.float64, generator=generator
    )
    rotation = roma.unitquat_to_rotmat(
        torch.nn.functional.normalize(quaternion, dim=-1)
    )
    shift = torch.tensor([0.3, -2.0, 40.0], dtype=torch.float64)
    return scale * points @ rotation.transpose(-1, -2) + shift


def scipy_aligned(source, target):
    """Kabsch by scipy for the rotation, least squares for the scale."""
    a, b = source - source.mean(0), target - target.mean(0)
    turned = Rotation.align_vectors(b, a)[0].apply(a)
    scale = (turned * b).sum() / (a * a).sum()
    return scale * turned + target.mean(0)


def brute_force_rms(source, target, starts=20):
    """Least squares over 7 parameters by an optimiser, many starts."""
    rng = np.random.default_rng(0)

    def residual(x):
        turned = Rotation.from_rotvec(x[:3]).apply(source)
        # exp: the scale of a similarity is positive.
        return (np.exp(x[3]) * turned + x[4:] - target).ravel()

    best = min(
        scipy.optimize.least_squares(residual, rng.normal(size=7)).cost
        for _ in range(starts)
    )
    return np.sqrt(2 * best / len(source))


def test_undoes_any_similarity():
    target = random_points(5, 14, 3)
    torch.testing.assert_close(
        similarity_align(transformed(target), target), target
    )


def test_equals_scipy_on_noisy_data():
    source, target = random_points(6, 14, 3), random_points(6, 14, 3, seed=2)
    aligned = similarity_align(source, target)
    for t in range(6):
        expected = scipy_aligned(source[t].numpy(), target[t].numpy())
        np.testing.assert_allclose(aligned[t], expected, atol=1e-7)


def test_scipy_procrustes_has_the_same_disparity_when_no_mirror_helps():
    target = random_points(1, 14, 3)
    source = transformed(target) + 0.05 * random_points(1, 14, 3, seed=3)
    aligned = similarity_align(source, target)
    spread = (target - target.mean(1, keepdim=True)).square().sum()
    disparity = float((aligned - target).square().sum() / spread)
    expected = scipy.spatial.procrustes(target[0], source[0])[2]
    assert disparity == pytest.approx(expected, rel=1e-9)


def test_mirrored_body_stays_mirrored():
    """A naive fit may reflect, and reports nearly nothing."""
    target = random_points(1, 14, 3)
    mirrored = target * torch.tensor([-1.0, 1.0, 1.0])
    aligned = similarity_align(mirrored, target)
    rms = float((aligned - target).square().sum(-1).mean().sqrt())
    a = (mirrored - mirrored.mean(1, keepdim=True))[0].numpy()
    b = (target - target.mean(1, keepdim=True))[0].numpy()
    naive, _ = scipy.linalg.orthogonal_procrustes(a, b)
    assert np.linalg.det(naive) == pytest.approx(-1)
    assert np.abs(a @ naive - b).max() < 1e-9
    assert rms == pytest.approx(brute_force_rms(a, b), rel=1e-5)
    assert rms > 0.5


def test_invariant_to_a_similarity_of_the_prediction():
    source, target = random_points(4, 14, 3), random_points(4, 14, 3, seed=2)
    torch.testing.assert_close(
        pa_mpjpe(transformed(source), target).values,
        pa_mpjpe(source, target).values,
    )


def test_optimal_among_small_changes():
    """No neighbour in scale, rotation or translation fits better."""
    source, target = random_points(1, 14, 3), random_points(1, 14, 3, seed=2)
    best = similarity_align(source, target)
    cost = (best - target).square().sum()
    mean = best.mean(1, keepdim=True)
    for seed in range(20):
        x = 0.05 * random_points(7, seed=seed)
        turn = roma.rotvec_to_rotmat(x[:3])
        other = torch.exp(x[3]) * (best - mean) @ turn.T + mean + x[4:]
        assert (other - target).square().sum() > cost


@pytest.mark.parametrize('dtype', [torch.float32, torch.float64])
@pytest.mark.parametrize('place', [0.0, 1.3, 44.643])
def test_identical_source_points_go_to_the_mean(dtype, place):
    """Scale is 0 / 0 there; rounding must not be blown up instead."""
    source = torch.full((2, 14, 3), place, dtype=dtype)
    target = random_points(2, 14, 3).to(dtype)
    mean = target.mean(1, keepdim=True).expand_as(target)
    aligned = similarity_align(source, target)
    torch.testing.assert_close(aligned, mean, atol=1e-4, rtol=0)


def test_identical_target_points_are_met():
    target = torch.ones(1, 14, 3, dtype=torch.float64)
    aligned = similarity_align(random_points(1, 14, 3), target)
    torch.testing.assert_close(aligned, target)


@pytest.mark.parametrize('dtype', [torch.float32, torch.float64])
def test_collinear_points(dtype):
    """Two lines with the same spacing are similar, however they lie."""
    steps = torch.tensor([0.0, 1.0, 2.5, 4.0], dtype=dtype)[:, None]
    source = (steps * torch.tensor([1.0, 0.0, 0.0], dtype=dtype))[None]
    direction = torch.tensor([-1.0, 2.0, 2.0], dtype=dtype)
    target = (steps * direction + 3)[None]
    aligned = similarity_align(source, target)
    torch.testing.assert_close(aligned, target)


def test_planar_mirror_image_is_no_mirror_in_space():
    source = random_points(1, 6, 3) * torch.tensor([1.0, 1.0, 0.0])
    target = source * torch.tensor([-1.0, 1.0, 1.0])
    aligned = similarity_align(source, target)
    torch.testing.assert_close(aligned, target, atol=1e-9, rtol=0)


@pytest.mark.parametrize('count', [1, 2])
def test_one_or_two_points_align_exactly_but_have_no_error(count):
    source = random_points(1, count, 3)
    target = random_points(1, count, 3, seed=2)
    torch.testing.assert_close(similarity_align(source, target), target)
    errors = pa_mpjpe(source, target)
    assert errors.counts.tolist() == [0]
    assert errors.mean() is None


def test_mask_equals_leaving_the_joints_out():
    source, target = random_points(3, 14, 3), random_points(3, 14, 3, seed=2)
    mask = torch.ones(3, 14, dtype=torch.bool)
    mask[:, [2, 7, 8]] = False
    source[:, 2], target[:, 7] = 1e6, float('nan')
    kept = mask[0]
    expected = pa_mpjpe(source[:, kept], target[:, kept])
    errors = pa_mpjpe(source, target, mask)
    torch.testing.assert_close(errors.values, expected.values)
    assert errors.counts.tolist() == [11, 11, 11]


def test_frame_without_points_is_finite():
    source, target = random_points(2, 5, 3), random_points(2, 5, 3, seed=2)
    mask = torch.ones(2, 5, dtype=torch.bool)
    mask[0] = False
    target[0] = float('nan')
    assert torch.isfinite(similarity_align(source, target, mask)).all()
    errors = pa_mpjpe(source, target, mask)
    assert errors.valid.tolist() == [False, True]
    assert errors.mean() == pytest.approx(
        pa_mpjpe(source[1:], target[1:]).mean()
    )


def test_float32_far_from_the_camera_is_exact_to_a_tenth_of_a_mm():
    target = 0.3 * random_points(4, 14, 3)
    source = target + 0.05 * random_points(4, 14, 3, seed=2)
    far = torch.tensor([0.1, 0.2, 45.0])
    exact = pa_mpjpe(source, target).values
    single = pa_mpjpe((source + far).float(), (target + far).float()).values
    assert (single - exact).abs().max() < 0.1
