"""Losses of DAPA: of real crops by their 2D, of rendered ones by labels."""

from __future__ import annotations

from typing import Literal, get_args

from torch import Tensor, nn

from ...conventions import SMPL_JOINTS
from ...geometry import image_to_crop
from ...registry import MODELS
from ..adaptors.fake_crops import PosedPoints
from ..adaptors.loss_input import LossInput

Confidence = Literal['score', 'visible']

_HIPS = [SMPL_JOINTS.index(f'{side}_hip') for side in ('left', 'right')]


def keypoint_mse(prediction: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Weighted mean squared distance of keypoints.

    Args:
        prediction: ``[B, K, 2]``.
        target: ``[B, K, 2]``; ignored where the weight is 0, even if NaN.
        weight: ``[B, K]``.

    Returns:
        Mean over all ``B * K * 2`` entries, missing ones counted as 0.
    """
    missing = (weight == 0)[..., None]
    squared = (prediction - target.masked_fill(missing, 0)).square()
    return (weight[..., None] * squared).masked_fill(missing, 0).mean()


def hip_centred_mse(prediction: Tensor, target: Tensor) -> Tensor:
    """Mean squared distance of joints about the middle of the hips.

    Args:
        prediction: Joints of SMPL ``[B, 24, 3]``, m.
        target: ``[B, 24, 3]``, m.

    Returns:
        Scalar, m^2; mean over all entries.
    """
    difference = prediction - target
    middle = difference[:, _HIPS].mean(dim=1, keepdim=True)
    return (difference - middle).square().mean()


@MODELS.register_module()
class CropKeypointMSELoss(nn.Module):
    """Squared distance of detected keypoints, in -1 to 1 over the crop.

    Args:
        loss_weight: DAPA's is 300: 60 times 5.
        confidence: Weight of a keypoint: its ``'score'``, as in DAPA, or 1
            where it is ``'visible'``.
    """

    def __init__(
        self, loss_weight: float = 300.0, confidence: Confidence = 'score'
    ) -> None:
        super().__init__()
        if confidence not in get_args(Confidence):
            raise ValueError(f"confidence: unknown {confidence!r}: 'score'")
        self.loss_weight = loss_weight
        self.confidence = confidence

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss of a step; 0 if nothing is visible."""
        batch = step.batch
        weight = batch.weight
        if self.confidence == 'score':
            scores = step.session.scores[batch.frame.cpu()]
            weight = weight * scores.to(weight)
        # A crop of side 2 has the coordinates, but for the origin.
        return self.loss_weight * keypoint_mse(
            batch.spread(image_to_crop(step.joints2d, batch.boxes, 2)),
            batch.spread(image_to_crop(batch.keypoints, batch.boxes, 2)),
            batch.spread(weight),
        )


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
            'joints2d': keypoint_mse(
                found.joints2d, wanted.joints2d, everywhere
            ),
            'joints3d': hip_centred_mse(found.joints3d, wanted.joints3d),
            'pose': (mine.pose - theirs.pose).square().mean(),
            'betas': (mine.betas - theirs.betas).square().mean(),
        }
        return {
            name: self.loss_weight * self.weights[name] * value
            for name, value in terms.items()
        }
