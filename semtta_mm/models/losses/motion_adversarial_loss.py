"""A motion discriminator that learns during adaptation (Table 3)."""

from __future__ import annotations

from os import PathLike
from typing import Any

import torch
from torch import Tensor, nn

from ...checkpoints.weights import load_weights, weights_exist
from ...registry import MODELS
from ...utils.required_files import RequiredFile
from ..adaptors.loss_input import LossInput, StepAdaptor
from ..discriminators import lsgan_discriminator, lsgan_generator
from ..priors.motion import RATE, pieces
from ..reference_motions import draw_piece
from .reference_labels import check_labels_known, windows_with_references


@MODELS.register_module()
class MotionAdversarialLoss(nn.Module):
    """Predicted motions shall look like motions of their label to a network.

    A construction that the paper compares with (Table 3): VIBE's
    discriminator is trained against the predictions, with generated motions
    of the same label as the real ones. This is the network's side;
    ``DiscriminatorHook`` trains the discriminator after each step. The paper
    gives neither weight nor steps: VIBE's are used.

    Windows are cut into pieces at 25 fps; each is paired with a random piece
    of its label. Shorter windows and those without a label are left out.

    Args:
        references: Config of the :class:`.ReferenceMotions`; None takes the
            exemplars of the open dictionary.
        weights: VIBE's checkpoint, or one of ours; None starts with random
            weights.
        discriminator: Config of the discriminator.
        frames: Length of a piece; VIBE's is 16.
        loss_weight: Of both sides; VIBE's is 0.5.

    Attributes:
        fake: Pieces of the last step ``[P, frames, 24, 3, 3]``, without
            gradient.
        real: Their partners, likewise.

    Raises:
        InputError: If weights do not fit.
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
        references: dict[str, Any] | None = None,
        weights: str | PathLike[str] | None = None,
        discriminator: dict[str, Any] | None = None,
        frames: int = 16,
        loss_weight: float = 0.5,
    ) -> None:
        super().__init__()
        config = references or dict(type='ExemplarMotions')
        self.references = MODELS.build(config)
        kind = discriminator or dict(type='MotionDiscriminator')
        self.discriminator = MODELS.build(kind)
        if weights is not None:
            load_weights(self.discriminator, weights)
        self.discriminator.requires_grad_(False)
        self.frames = frames
        self.loss_weight = loss_weight
        self.fake: Tensor | None = None
        self.real: Tensor | None = None

    def check(self, adaptor: StepAdaptor) -> None:
        """Refuse a method without labels."""
        check_labels_known(adaptor, type(self).__name__)

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss of the network; keeps the pieces of both sides.

        Returns:
            Scalar; 0 if there is no piece.
        """
        fake, real = self._pieces(step)
        if not len(fake):
            self.fake = self.real = None
            return step.motion.new_zeros(())
        self.fake, self.real = fake.detach(), real
        return self.loss_weight * lsgan_generator(self.discriminator(fake))

    def discriminator_loss(self) -> Tensor | None:
        """Weighted loss of the discriminator for the last step's pieces.

        Returns:
            Scalar; None if there were none.
        """
        if self.fake is None or self.real is None:
            return None
        loss = lsgan_discriminator(
            self.discriminator(self.real), self.discriminator(self.fake)
        )
        return self.loss_weight * loss

    def _pieces(self, step: LossInput) -> tuple[Tensor, Tensor]:
        """Predicted pieces and real ones of the same labels."""
        motion, valid = step.motion, step.batch.valid
        rate = step.session.frames.track.rate
        fake = [motion.new_zeros(0, self.frames, *motion.shape[2:])]
        real = [fake[0]]
        for window, found in windows_with_references(step, self.references):
            part = slice(window, window + 1)
            cut = pieces(motion[part], valid[part], rate, self.frames)
            fake.append(cut)
            real += [
                draw_piece(found, self.frames, RATE, step.session.generator)[
                    None
                ].to(motion)
                for _ in range(len(cut))
            ]
        return torch.cat(fake), torch.cat(real)
