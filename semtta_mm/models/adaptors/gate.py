"""A second motion-text model that judges windows, never in a loss."""

from __future__ import annotations

from os import PathLike
from typing import Any

import torch
from torch import Tensor

from ...registry import MODELS
from ..motion_text import MotionDictionary
from ..motion_text.calibration import Calibration
from ..motion_text.calibration_file import CALIBRATION_FILE, read_calibration
from .agreement import label_rank
from .alignment import session_cosines
from .session import Session


def calibrated_agreement(
    cosines: Tensor, label: Tensor, calibration: Calibration
) -> Tensor:
    """Windows whose cosine and lead are above their label's thresholds.

    Args:
        cosines: With every text ``[N, L]``; NaN without a label.
        label: Row of the right text ``[N]``, -1 for none.
        calibration: With ``accept_cosine`` and ``accept_margin``.

    Returns:
        ``[N]``, bool; none without a label or without thresholds.
    """
    row = label.clamp(min=0)
    own, lead, _ = label_rank(cosines, label)
    fits = (own > calibration.accept_cosine[row]) & (label >= 0)
    return fits & (lead > calibration.accept_margin[row])


@MODELS.register_module()
class MotionTextGate:
    """Judges whether a predicted motion fits its label.

    Beyond the paper, whose Eq. 6 asks the encoder whose cosine the loss has
    raised: after one epoch nearly every window passes, with a wrong label
    too. This is another encoder, with a threshold for each label that
    separates its true motions from those of other labels.

    Deliberately not a torch module: its weights are no part of the method.

    Args:
        motion_text: Config of the second model, in the text space of the
            method's dictionary.
        calibration: Its thresholds: a shipped name or a file.

    Raises:
        InputError: If a file is missing or broken.
    """

    required_files = (CALIBRATION_FILE,)

    def __init__(
        self,
        motion_text: dict[str, Any],
        calibration: str | PathLike[str] = 'motion_text_gate_open',
    ) -> None:
        self.motion_text = MODELS.build(motion_text)
        self.calibration = read_calibration(calibration)

    def check(self, dictionary: MotionDictionary | None) -> None:
        """Refuse a dictionary that is not the calibration's.

        Raises:
            InputError: If it is another one, or absent, or if the encoder
                is not the calibration's.
        """
        self.calibration.check(self.motion_text, dictionary)

    def cosines(
        self,
        session: Session,
        dictionary: MotionDictionary,
        device: torch.device,
    ) -> Tensor:
        """Cosine of every window of the last refresh pass with every text.

        Args:
            session: After a refresh pass.
            dictionary: The method's.
            device: Where to compute.

        Returns:
            ``[N, L]``, on the CPU; NaN where a window has no label.
        """
        pose = session.refreshed.params.pose.to(device)
        return session_cosines(
            session, self.motion_text.to(device), dictionary, pose
        )

    def __call__(self, cosines: Tensor, label: Tensor) -> Tensor:
        """Windows that fit their labels ``[N]``, bool.

        Args:
            cosines: Of :meth:`cosines`.
            label: Row of the right text ``[N]``, -1 for none.
        """
        return calibrated_agreement(cosines, label, self.calibration)
