"""Tempo, phase and amplitude of steps, compared with the reference.

Position errors describe hidden legs poorly: a motion half a period late has
the error of no motion. Here tempo, phase and amplitude are measured apart.
"""

from __future__ import annotations

from typing import NamedTuple

from torch import Tensor

from ...conventions import NUM_JOINTS, keypoint_index
from .checks import check_shape
from .periodic import fit_sinusoid, frequency, phase_difference

STILL = 0.02
"""Ankles whose swing is below this many metres do not step."""


class GaitReport(NamedTuple):
    """Stepping of a track; None where there is no clear period.

    Attributes:
        step_hz_true: Steps of either foot per second; a stride is two.
        step_hz_pred: The same of the prediction.
        phase_deg: How far the prediction is ahead at the true frequency,
            degrees of a stride in [-180, 180). At another tempo it drifts
            through the track and means little.
        swing_ratio: Predicted over true amplitude, each at its own
            frequency; a prediction without one is measured at the true one.
    """

    step_hz_true: float | None
    step_hz_pred: float | None
    phase_deg: float | None
    swing_ratio: float | None

    @property
    def step_hz_error(self) -> float | None:
        """Predicted - true, Hz."""
        if self.step_hz_true is None or self.step_hz_pred is None:
            return None
        return self.step_hz_pred - self.step_hz_true

    @property
    def step_relative_error(self) -> float | None:
        """Predicted / true - 1."""
        if self.step_hz_true is None or self.step_hz_pred is None:
            return None
        return self.step_hz_pred / self.step_hz_true - 1


def ankle_swing(joints: Tensor, orient: Tensor) -> Tensor:
    """How far the left ankle is before the right one.

    Args:
        joints: ``smpl_24`` ``[T, 24, 3]``, m.
        orient: Root rotations ``[T, 3, 3]`` in the same frame; the body
            looks along its z axis.

    Returns:
        ``[T]``, m.

    Raises:
        InputError: On other shapes.
    """
    shape = ('T', NUM_JOINTS, 3)
    check_shape('ankle_swing', 'joints', joints.shape, shape)
    expected = (len(joints), 3, 3)
    check_shape('ankle_swing', 'orient', orient.shape, expected)
    left, right = keypoint_index('smpl_24', ('left_ankle', 'right_ankle'))
    apart = joints[:, left] - joints[:, right]
    return (apart * orient[:, :, 2].to(apart)).sum(1)


def gait_of_signals(
    prediction: Tensor, target: Tensor, fps: float, still: float = 0.0
) -> GaitReport:
    """Compare two signals that have one period per stride.

    Args:
        prediction: ``[T]``, e.g. of :func:`ankle_swing`.
        target: ``[T]``, true.
        fps: Samples per second.
        still: A smaller amplitude counts as rest, unit of the signals.

    Raises:
        InputError: On different shapes, NaN or infinity, or an ``fps`` that
            is not positive.
    """
    shape = (len(target),)
    check_shape('gait_of_signals', 'target', target.shape, shape)
    check_shape('gait_of_signals', 'prediction', prediction.shape, shape)
    mine = _stride_hertz(prediction, fps, still)
    true = _stride_hertz(target, fps, still)
    steps = None if mine is None else 2 * mine
    if true is None:
        return GaitReport(None, steps, None, None)
    wanted = fit_sinusoid(target, fps, true)
    found = fit_sinusoid(prediction, fps, true)
    swing = found if mine is None else fit_sinusoid(prediction, fps, mine)
    phase = None
    if found.amplitude > max(still, 1e-6 * wanted.amplitude):
        phase = phase_difference(found.phase, wanted.phase)
    ratio = swing.amplitude / wanted.amplitude
    return GaitReport(2 * true, steps, phase, ratio)


def gait_report(
    prediction: Tensor,
    target: Tensor,
    prediction_orient: Tensor,
    target_orient: Tensor,
    fps: float,
) -> GaitReport:
    """Compare the legs of a track.

    Each body's ankles are taken along its own front: facing is measured by
    :func:`~semtta_mm.evaluation.functional.articulation.heading_error`.

    Args:
        prediction: ``smpl_24`` joints ``[T, 24, 3]``, m, every frame at
            ``fps``.
        target: The same, true.
        prediction_orient: Root rotations ``[T, 3, 3]``.
        target_orient: The same, true.
        fps: Frames per second.

    Raises:
        InputError: On other shapes, NaN or infinity, or a bad ``fps``.
    """
    return gait_of_signals(
        ankle_swing(prediction, prediction_orient),
        ankle_swing(target, target_orient),
        fps,
        STILL,
    )


def _stride_hertz(signal: Tensor, fps: float, still: float) -> float | None:
    hertz = frequency(signal, fps)
    if hertz is None or fit_sinusoid(signal, fps, hertz).amplitude < still:
        return None
    return hertz
