"""Position errors of joints and vertices: metres in, millimetres out."""

import torch
from torch import Tensor

from .alignment import similarity_align
from .checks import prepare_pair
from .per_frame import PerFrame, masked_mean

MM_PER_M = 1000.0
MIN_JOINTS_PA = 3
"""A similarity fits any two points exactly, without an error."""


def mpjpe(
    prediction: Tensor, target: Tensor, mask: Tensor | None = None
) -> PerFrame:
    """Mean per-joint position error, mm.

    Nothing is aligned here: subtract the root first
    (:func:`~semtta_mm.evaluation.functional.root_position`).

    Args:
        prediction: Joints ``[T, J, 3]``, m.
        target: Joints ``[T, J, 3]``, m.
        mask: Joints that count ``[T, J]``, bool; all if None.

    Returns:
        Mean distance per frame ``[T]``, mm.

    Raises:
        InputError: On other shapes, or NaN or infinity where the mask is
            True.
    """
    return _mean_distance('mpjpe', prediction, target, mask)


def mpvpe(
    prediction: Tensor, target: Tensor, mask: Tensor | None = None
) -> PerFrame:
    """Mean per-vertex position error (MPVPE, also PVE), mm.

    Args:
        prediction: Vertices ``[T, V, 3]``, m, root subtracted.
        target: Vertices ``[T, V, 3]``, m, root subtracted.
        mask: Vertices that count ``[T, V]``, bool; all if None.

    Returns:
        Mean distance per frame ``[T]``, mm.

    Raises:
        InputError: As :func:`mpjpe`.
    """
    return _mean_distance('mpvpe', prediction, target, mask)


def pa_mpjpe(
    prediction: Tensor,
    target: Tensor,
    mask: Tensor | None = None,
    counted: Tensor | None = None,
) -> PerFrame:
    """MPJPE after a similarity alignment of each frame, mm.

    Args:
        prediction: Joints ``[T, J, 3]``, m.
        target: Joints ``[T, J, 3]``, m.
        mask: Joints that count, in the fit and in the error, ``[T, J]``,
            bool; all if None. A frame with fewer than three has no value.
        counted: Joints of the error among those of the fit ``[T, J]``,
            bool, e.g. the unobserved ones; all of them if None.

    Returns:
        Mean distance per frame ``[T]``, mm.

    Raises:
        InputError: As :func:`mpjpe`.
    """
    prediction, target, mask = prepare_pair(
        'pa_mpjpe', prediction, target, mask
    )
    enough = mask.sum(dim=-1, keepdim=True) >= MIN_JOINTS_PA
    aligned = similarity_align(prediction, target, mask)
    which = mask & enough if counted is None else mask & enough & counted
    return _mean_distance('pa_mpjpe', aligned, target, which)


def _mean_distance(
    name: str, prediction: Tensor, target: Tensor, mask: Tensor | None
) -> PerFrame:
    prediction, target, mask = prepare_pair(name, prediction, target, mask)
    distance = torch.linalg.vector_norm(prediction - target, dim=-1)
    return masked_mean(distance * MM_PER_M, mask)
