"""Slide of the standing foot, for motions without a path of the root."""

from __future__ import annotations

import torch
from torch import Tensor

from ...conventions import NUM_JOINTS, keypoint_index
from .checks import check_shape
from .position import MM_PER_M

FEET = ('left_ankle', 'right_ankle', 'left_foot', 'right_foot')


def foot_slide(
    prediction: Tensor,
    target: Tensor,
    up: Tensor,
    frame_ids: Tensor,
    stride: int = 1,
) -> float | None:
    """Slide of the foot that the true body stands on, mm per frame.

    Bodies are compared about their pelvis, so the path is that of the truth:
    both pelves move along it. A foot slides as far as the horizontal motion
    of its predicted joint differs from that of the true one. Where the true
    foot stands still this is the ordinary slide; on a treadmill it is the
    slide against the belt.

    The true lowest joint of ankles and feet is in contact while it is the
    lowest in two frames. Flight is not recognised.

    Args:
        prediction: ``smpl_24`` ``[T, 24, 3]``, m, any origin.
        target: The same, true, in the same axes.
        up: Unit vectors against gravity ``[T, 3]``.
        frame_ids: Frame numbers ``[T]``; only frames ``stride`` apart count.
        stride: Frames of the video from one sample to the next.

    Returns:
        Mean over pairs of frames; None without one.

    Raises:
        InputError: On other shapes.
    """
    name, frames = 'foot_slide', len(target)
    shape = (frames, NUM_JOINTS, 3)
    check_shape(name, 'prediction', prediction.shape, shape)
    check_shape(name, 'target', target.shape, shape)
    check_shape(name, 'up', up.shape, (frames, 3))
    check_shape(name, 'frame_ids', frame_ids.shape, (frames,))
    feet = keypoint_index('smpl_24', FEET)
    mine, true = (x[:, feet] - x[:, :1] for x in (prediction, target))
    up = up.to(true)
    lowest = (true * up[:, None]).sum(-1).argmin(dim=1)
    counted = (lowest[1:] == lowest[:-1]) & (frame_ids.diff() == stride)
    if not bool(counted.any()):
        return None
    foot = lowest[:-1, None, None].expand(-1, 1, 3)
    step = (mine - true).diff(dim=0).gather(1, foot)[:, 0]
    level = step - (step * up[:-1]).sum(-1, keepdim=True) * up[:-1]
    slide = torch.linalg.vector_norm(level, dim=-1)
    return float(slide[counted].mean()) * MM_PER_M
