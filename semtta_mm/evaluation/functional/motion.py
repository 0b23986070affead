"""Acceleration error, correct for gaps in the frame numbers."""

from typing import Literal

import torch
from torch import Tensor

from ...utils import InputError
from .checks import check_shape, prepare_pair
from .per_frame import PerFrame, masked_mean
from .position import MM_PER_M

AccelUnit = Literal['m/s^2', 'mm/frame^2']
ACCEL_UNITS: tuple[AccelUnit, ...] = ('m/s^2', 'mm/frame^2')


def _factor(fps: float, unit: AccelUnit) -> float:
    """From metres per frame squared to ``unit``."""
    if not fps > 0:
        raise InputError(
            'acceleration_error', 'fps', f'{fps} is not positive', 'give it'
        )
    if unit not in ACCEL_UNITS:
        raise InputError(
            'acceleration_error',
            'unit',
            f'{unit!r} is unknown',
            f'use one of {", ".join(ACCEL_UNITS)}',
        )
    return fps**2 if unit == 'm/s^2' else MM_PER_M


def _middle_of_triples(frame_ids: Tensor, stride: int) -> Tensor:
    """Frames whose two neighbours exist ``[T]``, bool."""
    step = frame_ids.diff()
    if bool((step <= 0).any()):
        raise InputError(
            'acceleration_error',
            'frame_ids',
            'they do not strictly increase',
            'sort the frames and drop duplicates',
        )
    middle = torch.zeros_like(frame_ids, dtype=torch.bool)
    middle[1:-1] = (step[1:] == stride) & (step[:-1] == stride)
    return middle


def acceleration_error(
    prediction: Tensor,
    target: Tensor,
    frame_ids: Tensor,
    fps: float,
    unit: AccelUnit = 'm/s^2',
    mask: Tensor | None = None,
    stride: int = 1,
) -> PerFrame:
    """Length of the difference of two accelerations, mean over joints.

    The acceleration is the second finite difference of the position. The
    lineage (VIBE, CycleAdapt) reports mm/frame², which depends on the frame
    rate; 1 mm/frame² at 30 fps is 0.9 m/s².

    Args:
        prediction: Joints ``[T, J, 3]``, m.
        target: Joints ``[T, J, 3]``, m.
        frame_ids: Frame numbers ``[T]``, strictly increasing. Only triples
            whose numbers are ``stride`` apart count.
        fps: Frames per second that ``frame_ids`` count.
        unit: ``'m/s^2'`` or ``'mm/frame^2'``.
        mask: Joints that count ``[T, J]``, bool; a joint counts where it
            does so in all three frames.
        stride: Frames of the video from one sample to the next; the
            "frame" of ``'mm/frame^2'`` is a sample.

    Returns:
        Error per frame ``[T]`` in ``unit``, at the middle frame of each
        triple; other frames have no value.

    Raises:
        InputError: On other shapes, an ``fps`` that is not positive, another
            unit, frame numbers that do not increase, or NaN or infinity
            where the mask is True.
    """
    name = 'acceleration_error'
    prediction, target, mask = prepare_pair(name, prediction, target, mask)
    check_shape(name, 'frame_ids', frame_ids.shape, (len(prediction),))
    factor = _factor(fps / stride, unit)
    middle = _middle_of_triples(frame_ids, stride)
    values = torch.zeros_like(prediction[..., 0])
    counted = torch.zeros_like(mask)
    if len(prediction) >= 3:
        # Difference first: far from the origin this keeps precision.
        bend = (prediction - target).diff(n=2, dim=0)
        values[1:-1] = torch.linalg.vector_norm(bend, dim=-1) * factor
        counted[1:-1] = mask[:-2] & mask[1:-1] & mask[2:]
    return masked_mean(values, counted & middle[:, None])
