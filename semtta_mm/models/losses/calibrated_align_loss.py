"""Alignment loss up to what true motions of a label have."""

from __future__ import annotations

from os import PathLike

import torch
from torch import Tensor, nn

from ...registry import MODELS
from ..adaptors.agreement import label_rank
from ..adaptors.loss_input import LossInput, StepAdaptor
from ..motion_text.calibration_file import CALIBRATION_FILE, read_calibration


def calibrated_gap(
    own: Tensor,
    lead: Tensor,
    least_cosine: Tensor,
    least_margin: Tensor,
    margin_weight: float = 0.5,
) -> Tensor:
    """Distance of windows to the least values of true motions.

    ``relu(tau - cos) + margin_weight * relu(m - lead)``.

    Args:
        own: Cosine of each window with its text ``[B]``.
        lead: That cosine less the best one of another text ``[B]``.
        least_cosine: ``tau`` of each window's label ``[B]``.
        least_margin: ``m`` of each window's label ``[B]``.
        margin_weight: Weight of the second term.

    Returns:
        ``[B]``; 0 where a window has both.
    """
    of_cosine = (least_cosine - own).clamp(min=0)
    of_margin = (least_margin - lead).clamp(min=0)
    return of_cosine + margin_weight * of_margin


@MODELS.register_module()
class CalibratedAlignLoss(nn.Module):
    """Alignment that stops where true motions of the label are.

    Beyond the paper: Eq. 4 pulls true motions too, and passes them; a wrong
    label reaches the same cosine. Here a window has no loss once its cosine,
    and its lead over all other texts, are the medians of its label's true
    motions. A label without true motions in the calibration has no loss.

    Args:
        loss_weight: ``lambda_2`` of Eq. 10.
        margin_weight: Of the lead, beside the cosine.
        start_epoch: Finished epochs before it acts; before, the keypoints
            have moved nothing yet.
        calibration: A shipped name or a file, of this method's motion-text
            model and dictionary.

    Raises:
        InputError: If the calibration is missing or broken.
    """

    required_files = (CALIBRATION_FILE,)

    def __init__(
        self,
        loss_weight: float = 0.2,
        margin_weight: float = 0.5,
        start_epoch: int = 1,
        calibration: str | PathLike[str] = 'motion_text_open',
    ) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.margin_weight = margin_weight
        self.start_epoch = start_epoch
        self.calibration = read_calibration(calibration)

    def check(self, adaptor: StepAdaptor) -> None:
        """Refuse another motion-text model or dictionary.

        Args:
            adaptor: The method.

        Raises:
            InputError: If the calibration is of another one.
        """
        self.calibration.check(adaptor.motion_text, adaptor.dictionary)

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss of a step; logs the mean similarity.

        Args:
            step: With the windows' cosines with all texts.

        Returns:
            Scalar, the mean over windows of a calibrated label; 0 if there
            is none, and in the first epochs.
        """
        labelled = step.batch.labelled
        if step.session.epoch < self.start_epoch or not labelled.any():
            return step.prediction.params.pose.sum() * 0
        cosines, label = step.cosines, step.batch.label
        own = cosines.gather(1, label.clamp(min=0)[:, None])[:, 0]
        step.log['similarity'] = own[labelled].mean().detach()
        return self.compute(cosines, label)

    def compute(self, cosines: Tensor, label: Tensor) -> Tensor:
        """Weighted loss of tensors, for use in other models.

        Args:
            cosines: Of each window with every text ``[B, L]``.
            label: Row of the right text ``[B]``, -1 for none.

        Returns:
            Scalar, the mean over windows of a calibrated label; 0 if there
            is none.
        """
        row = label.clamp(min=0)
        counts = (label >= 0) & self.calibration.known.to(label.device)[row]
        gap = torch.where(counts, self.gaps(cosines, label), 0.0)
        return self.loss_weight * gap.sum() / counts.sum().clamp(min=1)

    def gaps(self, cosines: Tensor, label: Tensor) -> Tensor:
        """See :func:`calibrated_gap`.

        Args:
            cosines: Of each window with every text ``[B, L]``.
            label: Row of the right text ``[B]``.

        Returns:
            ``[B]``; undefined where a label has no calibration.
        """
        row = label.clamp(min=0)
        own, lead, _ = label_rank(cosines, label)
        return calibrated_gap(
            own,
            lead,
            _of_rows(self.calibration.cosine, row, own),
            _of_rows(self.calibration.margin, row, own),
            self.margin_weight,
        )


def _of_rows(values: Tensor, row: Tensor, like: Tensor) -> Tensor:
    """Values of some labels; 0 where a label has none."""
    return values.to(like).nan_to_num(0.0)[row]
