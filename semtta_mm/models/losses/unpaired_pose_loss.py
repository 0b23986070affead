"""Unpaired local poses: another person's motion as a target (Table 3)."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from ...registry import MODELS
from ..adaptors.loss_input import LossInput, StepAdaptor
from ..reference_motions import at_rate
from .reference_labels import check_labels_known, windows_with_references

HANDS = 2
"""SMPL's last joints, which most motion generators lack."""


def local_pose_l1(
    pose: Tensor, target: Tensor, valid: Tensor, hands: bool = True
) -> Tensor:
    """Mean absolute difference of rotations without the root.

    Args:
        pose: Rotation matrices ``[B, T, 24, 3, 3]``.
        target: Likewise.
        valid: Frames that count ``[B, T]``, bool.
        hands: Whether the two hands count.

    Returns:
        Scalar, over the frames that count; exactly 0 if there is none.
    """
    local = slice(1, None if hands else -HANDS)
    distance = (pose - target)[:, :, local].abs().mean(dim=(2, 3, 4))
    total = distance.masked_fill(~valid, 0).sum()
    return total / valid.sum().clamp(min=1)


@MODELS.register_module()
class UnpairedPoseLoss(nn.Module):
    """Pulls a window to a reference motion of its label, frame by frame.

    A construction that the paper compares with (Table 3): a motion of the
    same action, of another person and not in time with the video, supervises
    the local poses. Global rotation and shape are free. The paper generates
    the motions with MotionGPT and gives no weight.

    Args:
        references: Config of the :class:`.ReferenceMotions`; None takes the
            exemplars of the open dictionary.
        loss_weight: Of the term; 1 is that of the smoothing loss, which has
            the same unit.
        hands: False leaves out the hands, which motions in the HumanML3D
            format, such as MotionGPT's, do not have.
    """

    def __init__(
        self,
        references: dict[str, Any] | None = None,
        loss_weight: float = 1.0,
        hands: bool = True,
    ) -> None:
        super().__init__()
        config = references or dict(type='ExemplarMotions')
        self.references = MODELS.build(config)
        self.loss_weight = loss_weight
        self.hands = hands

    def check(self, adaptor: StepAdaptor) -> None:
        """Refuse a method without labels."""
        check_labels_known(adaptor, type(self).__name__)

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss of a step.

        Each window starts with the first frame of its label's first motion.

        Returns:
            Scalar; 0 if no window has a label with motions.
        """
        motion, valid = step.motion, step.batch.valid
        target = motion.detach().clone()
        chosen = torch.zeros_like(valid)
        rate, frames = step.session.frames.track.rate, motion.shape[1]
        for window, found in windows_with_references(step, self.references):
            target[window] = at_rate(found[0], frames, rate).to(target)
            chosen[window] = valid[window]
        loss = local_pose_l1(motion, target, chosen, self.hands)
        return self.loss_weight * loss
