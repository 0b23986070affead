"""Prior of the residual of :class:`ParameterEstimator`: it is small."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ...registry import MODELS
from ...utils import InputError
from ..adaptors.loss_input import LossInput
from ..estimators.parameters import ParameterEstimator


def residual_energy(knots: Tensor, expected: float) -> Tensor:
    """Mean over knots of squared residuals and changes over their variances.

    Args:
        knots: Rotation vectors ``[M, J, 3]``, radians.
        expected: Expected length of a residual, radians; that of a change
            from one knot to the next is half of it.

    Returns:
        Scalar, also the mean over joints.
    """
    own = (knots / expected).square().sum(dim=-1).mean()
    change = (2 * knots.diff(dim=0) / expected).square().sum(dim=-1)
    return own + (change.mean() if change.numel() else own.new_zeros(()))


@MODELS.register_module()
class ResidualLoss(nn.Module):
    """Keeps corrections of a given motion small and smooth.

    Joints without evidence then stay as the other system has them.

    Args:
        loss_weight: Of the mean energy, see :func:`residual_energy`.
        expected: Expected angle of a correction, radians.
    """

    def __init__(
        self, loss_weight: float = 0.01, expected: float = 0.2
    ) -> None:
        super().__init__()
        self.loss_weight, self.expected = loss_weight, expected

    def check(self, adaptor: object) -> None:
        """Refuse estimators without a residual.

        Raises:
            InputError: If the estimator is no :class:`ParameterEstimator`.
        """
        estimator = getattr(adaptor, 'estimator', None)
        if not isinstance(estimator, ParameterEstimator):
            problem = 'needs an estimator with a residual'
            fix = "use model.estimator.type='ParameterEstimator'"
            raise InputError('config', 'ResidualLoss', problem, fix)

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss of a step."""
        estimator = step.adaptor.estimator
        assert isinstance(estimator, ParameterEstimator)
        energy = residual_energy(estimator.rotation, self.expected)
        shape = estimator.shape.square().mean()
        place = estimator.place.diff(dim=0).square()
        smooth = place.mean() if place.numel() else torch.zeros_like(shape)
        return self.loss_weight * (energy + shape + 100 * smooth)
