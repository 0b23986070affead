"""Up direction in the body's frame, as the label's true motions have it."""

from __future__ import annotations

from os import PathLike

import torch
from torch import Tensor, nn

from ...registry import MODELS
from ..adaptors.loss_input import LossInput, StepAdaptor
from ..motion_text.calibration_file import CALIBRATION_FILE, read_calibration

LEVEL_UP = (0.0, -1.0, 0.0)
"""Up in a level camera's frame (y points down)."""


def up_in_body(root: Tensor, up: Tensor) -> Tensor:
    """Up direction in the body's frame, ``R^T g``.

    Args:
        root: Global rotations ``[..., 3, 3]``, body to camera.
        up: Up direction in the camera's frame ``[..., 3]`` or ``[3]``.

    Returns:
        ``[..., 3]``.
    """
    return (root.mT @ up.to(root)[..., None])[..., 0]


def gravity_gap(up: Tensor, valid: Tensor, target: Tensor) -> Tensor:
    """``1 - cos`` of windows' mean up directions with their targets.

    Args:
        up: Up directions in the body's frame ``[B, T, 3]``.
        valid: Frames that exist ``[B, T]``, bool.
        target: Wanted direction of each window ``[B, 3]``.

    Returns:
        ``[B]``, 0 to 2.
    """
    weight = valid[..., None].to(up)
    mean = (up * weight).sum(1) / weight.sum(1).clamp(min=1)
    return 1 - torch.cosine_similarity(mean, target.to(mean), dim=-1)


def concentration(spread: Tensor, tilt: float) -> Tensor:
    """How far a label determines the up direction, from 1 (fully) to 0.

    The share of the prior in the best mean of two measurements: the label's,
    with the spread of its true motions, and the network's, with its own
    error.

    Args:
        spread: RMS angle of a label's windows to their mean ``[...]``.
        tilt: Error of an un-adapted network, the same unit.

    Returns:
        ``tilt^2 / (tilt^2 + spread^2)``, the same shape.
    """
    return tilt**2 / (tilt**2 + spread.square())


@MODELS.register_module()
class GravityPrior(nn.Module):
    """Pulls the body's tilt to that of the label's true motions.

    Beyond the paper: ``w * c_y * (1 - cos(mean_t u_t, mu_y))`` with
    ``u_t = R_root^T g``; ``mu_y`` is the label's mean up direction and
    ``c_y`` its :func:`concentration`. The heading stays free. ``g`` is the
    track's ``up`` where it is known, else that of a level camera.

    Args:
        loss_weight: ``w``.
        calibration: A shipped name or a file, of this method's dictionary.
        upright: Control without a text: all windows, with or without a
            label, have ``mu = (0, 1, 0)`` and ``c = 1``.
        track_up: Use the track's own up direction, if it has one.
        tilt: Error of the un-adapted network's tilt, degrees, for
            :func:`concentration`.

    Raises:
        InputError: If the calibration is missing or broken.
    """

    required_files = (CALIBRATION_FILE,)

    def __init__(
        self,
        loss_weight: float = 2.0,
        calibration: str | PathLike[str] = 'motion_text_open',
        upright: bool = False,
        track_up: bool = True,
        tilt: float = 14.0,
    ) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.upright = upright
        self.track_up = track_up
        self.calibration = None if upright else read_calibration(calibration)
        if self.calibration is not None:
            spread = self.calibration.up_spread
            self._weight = concentration(spread, tilt).nan_to_num(0.0)
            self._target = self.calibration.up.nan_to_num(0.0)

    def check(self, adaptor: StepAdaptor) -> None:
        """Refuse another dictionary.

        Args:
            adaptor: The method.

        Raises:
            InputError: If the calibration is of another one.
        """
        if self.calibration is not None:
            self.calibration.check_dictionary(adaptor.dictionary)

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss of a step.

        Args:
            step: With predictions and windows.

        Returns:
            Scalar, the mean over labelled windows; 0 if there is none.
        """
        batch = step.batch
        root = step.prediction.params.pose[:, 0]
        up = torch.tensor(LEVEL_UP).to(root)
        known = step.session.frames.track.up
        if known is not None and self.track_up:
            up = torch.from_numpy(known).to(root)[batch.frame]
        by_frame = batch.spread(up_in_body(root, up))
        windows = by_frame.new_zeros(*batch.valid.shape, 3)
        windows[batch.valid] = by_frame
        return self.compute(windows, batch.valid, batch.label)

    def compute(self, up: Tensor, valid: Tensor, label: Tensor) -> Tensor:
        """Weighted loss of tensors, for use in other models.

        Args:
            up: Up directions in the body's frame ``[B, T, 3]``.
            valid: Frames that exist ``[B, T]``, bool.
            label: Row of the dictionary ``[B]``, -1 for none.

        Returns:
            Scalar, the mean over the windows that have a target; 0 if there
            is none.
        """
        if self.upright:
            counts = torch.ones_like(label, dtype=torch.bool)
            target = up.new_tensor((0.0, 1.0, 0.0)).expand(len(up), 3)
            weight = up.new_ones(len(up))
        else:
            row = label.clamp(min=0).cpu()
            weight = self._weight[row].to(up)
            target = self._target[row].to(up)
            counts = (label >= 0) & (weight > 0)
        gap = weight * gravity_gap(up, valid, target)
        gap = torch.where(counts, gap, gap.new_zeros(()))
        return self.loss_weight * gap.sum() / counts.sum().clamp(min=1)
