"""Losses of DAPA: the scale of its camera, and rendered crops by labels."""

from __future__ import annotations

from torch import Tensor, nn

from ...registry import MODELS
from ..adaptors.fake_crops import PosedPoints
from ..adaptors.loss_input import LossInput
from .supervised_terms import about_hips, weighted_mse


@MODELS.register_module()
class CameraScaleLoss(nn.Module):
    """SPIN's penalty of scales near and below 0, ``exp(-10 s)^2``.

    Args:
        loss_weight: DAPA's and SPIN's is 60.
    """

    def __init__(self, loss_weight: float = 60.0) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, step: LossInput) -> Tensor:
        """Weighted mean over the frames of a step."""
        scale = step.batch.spread(step.prediction.camera)[:, 0]
        return self.loss_weight * (-10 * scale).exp().square().mean()


@MODELS.register_module()
class FullLabelLoss(nn.Module):
    """Supervised loss of rendered crops (SPIN's, as DAPA uses it).

    DAPA has a term of depth signs too, whose formula we do not know; it is
    left out.

    Args:
        loss_weight: Of the sum; DAPA's is 60.
        joints2d: Weight of 2D keypoints, in -1 to 1 over the crop.
        joints3d: Weight of 3D joints about the hips, m.
        pose: Weight of rotation matrices.
        betas: Weight of shapes.
    """

    def __init__(
        self,
        loss_weight: float = 60.0,
        joints2d: float = 5.0,
        joints3d: float = 5.0,
        pose: float = 1.0,
        betas: float = 0.001,
    ) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.weights = {
            'joints2d': joints2d,
            'joints3d': joints3d,
            'pose': pose,
            'betas': betas,
        }

    def forward(
        self, found: PosedPoints, wanted: PosedPoints
    ) -> dict[str, Tensor]:
        """Weighted terms by name.

        Args:
            found: Predicted bodies.
            wanted: The labels.
        """
        everywhere = wanted.joints2d.new_ones(wanted.joints2d.shape[:2])
        mine, theirs = found.params, wanted.params
        terms = {
            'joints2d': weighted_mse(
                found.joints2d, wanted.joints2d, everywhere
            ),
            'joints3d': (
                about_hips(found.joints3d) - about_hips(wanted.joints3d)
            )
            .square()
            .mean(),
            'pose': (mine.pose - theirs.pose).square().mean(),
            'betas': (mine.betas - theirs.betas).square().mean(),
        }
        return {
            name: self.loss_weight * self.weights[name] * value
            for name, value in terms.items()
        }
