"""Period, phase and amplitude of one signal that repeats itself.

A sinusoid on top of an offset and a slope is fitted by least squares at each
of many frequencies, closer than the bins of a Fourier transform and without
their demand of whole periods: windows hold two or three strides.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import torch
from torch import Tensor

from ...utils import InputError

_LEAST = 6
"""Samples; the fit has four unknowns."""


class Sinusoid(NamedTuple):
    """The part of a signal at one frequency.

    Attributes:
        amplitude: In the signal's unit.
        phase: Degrees at the first sample; 0 is a crest.
        share: Of the signal's energy about its line, 0 to 1.
    """

    amplitude: float
    phase: float
    share: float


def fit_sinusoid(signal: Tensor, fps: float, hertz: float) -> Sinusoid:
    """Least squares with offset, slope and one frequency.

    Args:
        signal: ``[T]``, evenly sampled.
        fps: Samples per second.
        hertz: The frequency.

    Raises:
        InputError: On another shape, fewer than 6 samples, NaN or infinity,
            or a rate or frequency that is not positive.
    """
    values = _checked(signal, fps)
    if not hertz > 0:
        raise InputError(
            'periodic', 'hertz', f'{hertz} is not positive', 'give it'
        )
    parts, shares = _fit(values, fps, values.new_tensor([hertz]))
    cosine, sine = parts[0].tolist()
    phase = math.degrees(math.atan2(-sine, cosine))
    return Sinusoid(math.hypot(cosine, sine), phase, float(shares[0]))


def frequency(
    signal: Tensor,
    fps: float,
    band: tuple[float, float] = (0.3, 4.0),
    cycles: float = 1.25,
    clear: float = 0.5,
) -> float | None:
    """Frequency of the best-fitting sinusoid, Hz.

    Args:
        signal: ``[T]``, evenly sampled.
        fps: Samples per second.
        band: Lowest and highest frequency that is sought, Hz.
        cycles: Periods that the signal has to hold; less is a single
            movement, which does not show whether it is repeated.
        clear: Least share of the energy (about a line) in the sinusoid.

    Returns:
        None if there is no clear period: the signal rests, is too short,
        fits no sinusoid, or fits best at the edge of the band, as slow
        drifts do.

    Raises:
        InputError: As :func:`fit_sinusoid`, but a short signal is None.
    """
    if signal.ndim == 1 and len(signal) < _LEAST:
        return None
    values = _checked(signal, fps)
    seconds = len(values) / fps
    low, high = max(band[0], cycles / seconds), min(band[1], 0.4 * fps)
    step = 0.02 / seconds  # a fiftieth of a Fourier bin
    if high - low < 3 * step or not _moves(values):
        return None
    grid = torch.arange(low, high, step, dtype=values.dtype)
    shares = _fit(values, fps, grid)[1]
    best = int(shares.argmax())
    if best in (0, len(grid) - 1) or shares[best] < clear:
        return None
    return float(grid[best]) + step * _summit(shares[best - 1 : best + 2])


def phase_difference(prediction: float, target: float) -> float:
    """From the target to the prediction, degrees in [-180, 180).

    Positive if the prediction is ahead in time.
    """
    return (prediction - target + 180) % 360 - 180


def _fit(values: Tensor, fps: float, hertz: Tensor) -> tuple[Tensor, Tensor]:
    """Cosine and sine parts ``[F, 2]`` and shares of energy ``[F]``."""
    time = torch.arange(len(values), dtype=values.dtype) / fps
    line = torch.stack([torch.ones_like(time), time - time.mean()], 1)
    angle = 2 * math.pi * hertz[:, None] * time
    waves = torch.stack([angle.cos(), angle.sin()], 2)
    # What a line explains is taken out of signal and waves alike.
    basis = torch.linalg.qr(line).Q
    rest = values - basis @ (basis.T @ values)
    waves = waves - basis @ (basis.T @ waves)
    parts = torch.linalg.lstsq(
        waves, rest[:, None].expand(len(hertz), -1, 1)
    ).solution
    left = (rest - (waves @ parts)[..., 0]).square().sum(1)
    energy = rest.square().sum().clamp(min=torch.finfo(rest.dtype).tiny)
    return parts[..., 0], (1 - left / energy).clamp(0, 1)


def _summit(three: Tensor) -> float:
    """Where the parabola through three values is highest, -0.5 to 0.5."""
    left, middle, right = three.tolist()
    bend = left - 2 * middle + right
    return 0.5 * (left - right) / bend if bend < 0 else 0.0


def _moves(values: Tensor) -> bool:
    """Whether there is more than the rounding of float32."""
    return float(values.std()) > 1e-6 * max(1e-6, float(values.abs().max()))


def _checked(signal: Tensor, fps: float) -> Tensor:
    """The signal as float64."""
    if signal.ndim != 1 or len(signal) < _LEAST:
        problem = f'expected [T], at least {_LEAST}, got {[*signal.shape]}'
        raise InputError('periodic', 'signal', problem, 'give one signal')
    if not bool(signal.isfinite().all()):
        fix = 'leave out frames without a value'
        raise InputError('periodic', 'signal', 'NaN or infinite', fix)
    if not fps > 0:
        raise InputError(
            'periodic', 'fps', f'{fps} is not positive', 'give it'
        )
    return signal.detach().double().cpu()
