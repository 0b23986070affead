"""Motions at a constant rate and with one shape, as animation needs them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..geometry import axis_angle_to_matrix, matrix_to_axis_angle
from ..models.bodies import SMPLBody
from ..structures import SMPLParams


@dataclass(frozen=True)
class Motion:
    """Bodies of a person over time.

    Note:
        - frames: T

    Attributes:
        params: Bodies of all frames, y up, m.
        frame_ids: Frame numbers in the video ``[T]``.
        rate: Frames of the motion per second.
        interpolated: Frames in which the person was not found ``[T]``, bool.
    """

    params: SMPLParams
    frame_ids: NDArray[Any]
    rate: float
    interpolated: NDArray[Any]

    def __len__(self) -> int:
        return len(self.frame_ids)


@torch.no_grad()
def rest_joints(body: SMPLBody, betas: Tensor) -> Tensor:
    """Joints of bodies in T-pose.

    Args:
        body: The body.
        betas: ``[B, 10]``.

    Returns:
        ``[B, 24, 3]``, m, on the CPU.
    """
    betas = betas.to(body.v_template)
    still = torch.eye(3).to(betas).expand(len(betas), 24, 3, 3)
    return body.joints_only(SMPLParams.from_pose(still, betas)).cpu()


def one_shape(params: SMPLParams, body: SMPLBody) -> SMPLParams:
    """Bodies with the mean of their betas; every pelvis stays in place.

    Args:
        params: With a translation.
        body: The body.
    """
    assert params.transl is not None
    mean = params.betas.mean(dim=0).expand_as(params.betas)
    old, new = (rest_joints(body, b)[:, 0] for b in (params.betas, mean))
    return replace(params, betas=mean, transl=params.transl + old - new)


def fill_gaps(
    params: SMPLParams, frame_ids: NDArray[Any], stride: int
) -> tuple[SMPLParams, NDArray[Any]]:
    """Bodies at a constant rate.

    Frames of the track are not changed. In a gap rotations follow the
    shortest way (slerp), shape and translation a straight line.

    Args:
        params: Bodies of the track ``[T]``, with a translation.
        frame_ids: Frame numbers ``[T]``, multiples of ``stride`` apart.
        stride: Frames of the video from one frame of the result to the next.

    Returns:
        Bodies of all frames from the first to the last ``[N]``, and which of
        them are in the track ``[N]``, bool.
    """
    wanted = np.arange(frame_ids[0], frame_ids[-1] + 1, stride)
    found = np.isin(wanted, frame_ids)
    after = np.searchsorted(frame_ids, wanted)
    before = np.where(found, after, after - 1)
    span = np.maximum(frame_ids[after] - frame_ids[before], 1)
    share = torch.from_numpy((wanted - frame_ids[before]) / span)
    low, high = params[_index(before)], params[_index(after)]
    between = ~torch.from_numpy(found)
    out = low.map(torch.clone)
    pose = out.pose
    pose[between] = slerp(
        low.pose[between], high.pose[between], share[between]
    )
    return SMPLParams.from_pose(
        pose,
        _lerp(low.betas, high.betas, share),
        None
        if low.transl is None or high.transl is None
        else _lerp(low.transl, high.transl, share),
    ), found


def slerp(first: Tensor, second: Tensor, share: Tensor) -> Tensor:
    """Rotations between two others, on the shortest way.

    Args:
        first: Rotation matrices ``[N, J, 3, 3]``.
        second: Rotation matrices ``[N, J, 3, 3]``.
        share: Of the way from the first to the second ``[N]``.

    Returns:
        ``[N, J, 3, 3]``.
    """
    way = matrix_to_axis_angle(first.mT @ second)
    return first @ axis_angle_to_matrix(share.to(first)[:, None, None] * way)


def _lerp(first: Tensor, second: Tensor, share: Tensor) -> Tensor:
    return torch.lerp(first, second, share.to(first)[:, None])


def _index(positions: NDArray[Any]) -> Tensor:
    return torch.from_numpy(positions.astype(np.int64))
