"""Bodies that another system estimated for a person of a video."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from .smpl_params import SMPLParams


@dataclass(frozen=True)
class BodyEstimates:
    """A person's bodies over time, in a camera or in crops.

    Attributes:
        frame_ids: Frame numbers of the video ``[T]``, int64, rising.
        params: Pose, shape and translation (m, camera frame: x right, y
            down, z forward) of T bodies; without a translation rotations
            are in the axes of crops, and ``crops`` gives the place.
        intrinsics: ``[T, 3, 3]``, px of the video; None: unknown, to be
            taken from the track or guessed.
        crops: Weak perspective (s, tx, ty) and the square box (x1, y1, x2,
            y2), px, of each frame ``[T, 7]``; or None.
        body: Model of the bodies: ``'smpl'``, ``'smplx'`` or ``'open'``.
    """

    frame_ids: Tensor
    params: SMPLParams
    intrinsics: Tensor | None = None
    crops: Tensor | None = None
    body: str = 'smpl'

    def __post_init__(self) -> None:
        count = len(self.frame_ids)
        if len(self.params) != count:
            raise ValueError(
                f'BodyEstimates.params: expected {count} bodies, got '
                f'{len(self.params)}'
            )
        if (self.params.transl is None) == (self.crops is None):
            raise ValueError('BodyEstimates: give a translation or crops')
        if (self.frame_ids.diff() <= 0).any():
            raise ValueError('BodyEstimates.frame_ids: expected rising ones')
        camera = self.intrinsics
        if camera is not None and tuple(camera.shape) != (count, 3, 3):
            raise ValueError(
                f'BodyEstimates.intrinsics: expected {(count, 3, 3)}, got '
                f'{tuple(camera.shape)}'
            )

    def __len__(self) -> int:
        return len(self.frame_ids)

    def positions(self, frame_ids: Tensor) -> Tensor:
        """Fractional positions of frames among those of the estimates.

        Args:
            frame_ids: ``[N]``.

        Returns:
            ``[N]`` in ``[0, T - 1]``; frames before the first and after the
            last one take these.
        """
        own = self.frame_ids.to(torch.float64)
        wanted = frame_ids.to(own)
        high = torch.searchsorted(own, wanted).clamp(1, max(len(own) - 1, 1))
        if len(own) == 1:
            return torch.zeros_like(wanted)
        low = high - 1
        share = (wanted - own[low]) / (own[high] - own[low])
        return low + share.clamp(0, 1)
