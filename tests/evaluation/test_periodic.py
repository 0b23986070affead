"""Frequency, phase and amplitude of signals that are known."""

import math

import pytest
import torch

from semtta_mm.evaluation.functional.periodic import (
    fit_sinusoid,
    frequency,
    phase_difference,
)
from semtta_mm.utils import InputError

FPS = 30.0


def wave(hertz, frames=60, phase=0.0, fps=FPS):
    """``cos`` with a phase in degrees at the first frame ``[T]``."""
    time = torch.arange(frames).double() / fps
    return torch.cos(2 * math.pi * hertz * time + math.radians(phase))


def noise(frames, seed):
    generator = torch.Generator().manual_seed(seed)
    return torch.randn(frames, generator=generator).double()


@pytest.mark.parametrize('hertz', [0.8, 0.93, 1.37, 2.0, 2.71, 3.6])
@pytest.mark.parametrize('phase', [0, 50, 200])
def test_sinusoids_between_the_bins(hertz, phase):
    signal = 5 + 0.3 * wave(hertz, phase=phase)
    assert frequency(signal, FPS) == pytest.approx(hertz, rel=1e-3)
    found = fit_sinusoid(signal, FPS, hertz)
    assert found.amplitude == pytest.approx(0.3)
    assert phase_difference(found.phase, phase) == pytest.approx(0, abs=1e-6)
    assert found.share == pytest.approx(1)


def test_slope_harmonic_and_noise():
    signal = wave(1.1, 90) + 0.4 * wave(2.2, 90, 70) + 0.3 * noise(90, 0)
    signal = signal + torch.linspace(0, 4, 90)
    assert frequency(signal, FPS) == pytest.approx(1.1, abs=0.03)
    assert fit_sinusoid(signal, FPS, 1.1).amplitude == pytest.approx(1, 0.1)


def test_rate_scales_frequency():
    signal = wave(1.3, 80)
    assert frequency(signal, 25.0) == pytest.approx(1.3 * 25 / 30, rel=1e-3)


@pytest.mark.parametrize(
    'signal',
    [
        torch.full((60,), 0.7),
        torch.full((60,), 0.7) + 1e-8 * wave(1.0),
        torch.linspace(0, 1, 60),
        torch.linspace(-4, 4, 60).sigmoid(),  # a single step
        wave(0.3),  # not a period and a quarter
        wave(1.0, 5),
        wave(1.0, 12),
    ],
)
def test_no_clear_period(signal):
    assert frequency(signal, FPS) is None


def test_noise_has_no_clear_period():
    assert not any(frequency(noise(60, seed), FPS) for seed in range(50))


def test_phase_is_circular():
    assert phase_difference(170, -170) == -20
    assert phase_difference(-170, 170) == 20
    assert phase_difference(180, 0) == -180
    assert phase_difference(725, 0) == 5


@pytest.mark.parametrize(
    ('signal', 'fps', 'hertz', 'field'),
    [
        (torch.ones(5), FPS, 1, 'signal'),
        (torch.ones(9, 2), FPS, 1, 'signal'),
        (torch.full((9,), torch.nan), FPS, 1, 'signal'),
        (torch.ones(9), 0, 1, 'fps'),
        (torch.ones(9), FPS, 0, 'hertz'),
    ],
)
def test_bad_signal(signal, fps, hertz, field):
    with pytest.raises(InputError, match=field):
        fit_sinusoid(signal, fps, hertz)
