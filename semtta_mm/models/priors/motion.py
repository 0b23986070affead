"""A motion discriminator as a prior (VIBE, CVPR 2020)."""

from __future__ import annotations

from os import PathLike

import torch
from torch import Tensor

from ...checkpoints.weights import load_weights, weights_exist
from ...geometry.resampling import frame_positions, sample_rotations
from ...registry import MODELS
from ...utils.required_files import RequiredFile
from ..discriminators import lsgan_generator
from .base import PriorLoss

RATE = 25.0
"""Frame rate of VIBE's discriminator, Hz."""


@MODELS.register_module()
class MotionPriorLoss(PriorLoss):
    """Adversarial loss of predicted motions.

    Windows are resampled to 25 fps and scored in pieces of the length that
    the discriminator was trained with; shorter ones are not scored. The
    discriminator is not trained. (Table 3 of the paper trains one against
    generated motions of the label, and gives neither weight nor steps.)

    Args:
        weights: VIBE's checkpoint, or one of ours; None keeps the initial
            weights.
        discriminator: Config of the discriminator.
        frames: Length of a piece; VIBE's is 16.
        loss_weight: VIBE's is 0.5.

    Raises:
        InputError: If the file does not fit.
    """

    required_files = (
        RequiredFile(
            'weights',
            'motion discriminator',
            "VIBE's checkpoint with disc_motion_state_dict",
            weights_exist,
        ),
    )

    def __init__(
        self,
        weights: str | PathLike[str] | None,
        discriminator: dict | None = None,
        frames: int = 16,
        loss_weight: float = 0.5,
    ) -> None:
        super().__init__(loss_weight)
        config = discriminator or dict(type='MotionDiscriminator')
        self.discriminator = MODELS.build(config)
        self.frames = frames
        if weights is not None:
            load_weights(self.discriminator, weights)
        self.requires_grad_(False).train(False)

    def penalty(self, pose: Tensor, valid: Tensor, rate: float) -> Tensor:
        """LSGAN's generator loss, mean over the pieces."""
        found = pieces(pose, valid, rate, self.frames)
        if not len(found):
            return pose.new_zeros(())
        return lsgan_generator(self.discriminator(found))


def pieces(pose: Tensor, valid: Tensor, rate: float, frames: int) -> Tensor:
    """Pieces of windows at 25 fps.

    Args:
        pose: Rotation matrices ``[B, T, 24, 3, 3]``.
        valid: Valid frames ``[B, T]``, bool.
        rate: Frames per second of ``pose``.
        frames: Length of a piece.

    Returns:
        ``[P, frames, 24, 3, 3]``, consecutive in each window, without those
        with invalid frames.
    """
    if rate != RATE:
        at = frame_positions(pose.shape[1], rate, RATE).to(pose.device)
        pose = sample_rotations(pose, at)
        valid = valid[:, at.floor().long()] & valid[:, at.ceil().long()]
    count = pose.shape[1] // frames
    if not count:
        return pose.new_zeros(0, frames, *pose.shape[2:])
    used = count * frames
    cut = pose[:, :used].unflatten(1, (count, frames)).flatten(0, 1)
    whole = valid[:, :used].unflatten(1, (count, frames)).all(-1).flatten()
    return cut[torch.nonzero(whole)[:, 0]]
