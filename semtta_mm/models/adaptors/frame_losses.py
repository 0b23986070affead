"""Losses of single frames: reprojection (Eq. 5) and smoothing (Eq. 9)."""

from __future__ import annotations

from torch import Tensor, nn

from ...geometry import project_points
from ...structures import MeshPrediction
from ..bodies import SMPLBody
from ..estimators import MeshEstimator
from .windows import WindowBatch


def reprojection_loss(
    loss: nn.Module,
    estimator: MeshEstimator,
    body: SMPLBody,
    batch: WindowBatch,
    prediction: MeshPrediction,
) -> Tensor:
    """Predicted bodies against the 2D evidence, a scalar.

    Args:
        loss: Such as ``Keypoint2DLoss``.
        estimator: Whose camera the prediction is of.
        body: Gives the keypoints.
        batch: The evidence.
        prediction: Of the batch's different frames ``[U]``.
    """
    transl, intrinsics = estimator.locate(
        prediction.camera, batch.boxes, batch.intrinsics
    )
    convention = batch.convention
    points = body(prediction.params, False, (convention,))
    pixels = project_points(
        points.keypoints[convention] + transl[:, None], intrinsics
    )
    return loss(
        batch.spread(pixels),
        batch.spread(batch.keypoints),
        batch.spread(batch.weight),
        batch.spread(batch.boxes),
    )


def smoothing_loss(
    loss: nn.Module, batch: WindowBatch, prediction: MeshPrediction
) -> Tensor:
    """Predicted bodies against the denoiser's motion, a scalar.

    Args:
        loss: Such as ``SmoothLoss``.
        batch: The targets.
        prediction: Of the batch's different frames ``[U]``.
    """
    return loss(
        batch.spread(prediction.params.pose),
        batch.spread(prediction.params.betas),
        batch.spread(batch.target_pose),
        batch.spread(batch.target_betas),
        batch.spread(batch.target_valid),
    )
