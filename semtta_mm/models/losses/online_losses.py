"""Losses of BOA and DynaBOA."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn

from ...geometry import project_points
from ...registry import MODELS
from ...structures import MeshPrediction
from ..adaptors.loss_input import LossInput, StepAdaptor
from ..adaptors.online.step import OnlineInput
from .supervised_terms import (
    BodyPoints,
    TermWeights,
    body_distance,
    motion_distance,
    normalized_to_crop,
    weighted_mse,
)


@MODELS.register_module()
class NormalizedKeypointLoss(nn.Module):
    """Squared distance of keypoints in the crop (S2D of BOA and of DAPA).

    Args:
        loss_weight: BOA's and DynaBOA's is 10, DAPA's 300.
        by_score: Multiply the weights of the pose bank by the detector's
            scores, as DAPA does; BOA's adaptor has done so already.
    """

    def __init__(
        self, loss_weight: float = 10.0, by_score: bool = False
    ) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.by_score = by_score

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss; mean over frames, keypoints and coordinates."""
        batch = step.batch
        weight = batch.weight
        if self.by_score:
            scores = step.session.scores[batch.frame.cpu()]
            weight = weight * scores.to(weight)
        return self.loss_weight * weighted_mse(
            batch.spread(normalized_to_crop(step.joints2d, batch.boxes)),
            batch.spread(normalized_to_crop(batch.keypoints, batch.boxes)),
            batch.spread(weight),
        )


@MODELS.register_module()
class ShapePriorLoss(nn.Module):
    """Squared norm of the shape, mean over frames.

    Args:
        loss_weight: BOA's is 2e-6; DynaBOA's for videos of the web 2e-4.
    """

    def __init__(self, loss_weight: float = 2e-6) -> None:
        super().__init__()
        self.loss_weight = loss_weight

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss."""
        betas = step.prediction.params.betas
        return self.loss_weight * betas.square().sum(dim=-1).mean()


@MODELS.register_module()
class SourceLabelLoss(nn.Module):
    """Supervised loss of labelled crops of the source (BOA's LAB).

    Args:
        loss_weight: BOA's and DynaBOA's is 0.1.
        joints3d: Weight of 3D joints about the hips, m.
        joints2d: Weight of 2D joints, in -1 to 1 over the crop.
        pose: Weight of rotation matrices.
        betas: Weight of shapes.
    """

    def __init__(
        self,
        loss_weight: float = 0.1,
        joints3d: float = 5.0,
        joints2d: float = 5.0,
        pose: float = 1.0,
        betas: float = 0.001,
    ) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.weights = TermWeights(joints3d, joints2d, pose, betas)

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss; exactly 0 without source data."""
        zero = step.prediction.camera.new_zeros(())
        if not isinstance(step, OnlineInput) or step.source is None:
            return zero
        source, prediction = step.source, step.source_prediction
        if prediction is None:
            return zero
        boxes = zero.new_tensor([-1.0, -1, 1, 1]).expand(len(source.pose), 4)
        found = body_points(step.adaptor, prediction, boxes)
        wanted = BodyPoints(
            source.joints3d, source.joints2d, source.pose, source.betas
        )
        return self.loss_weight * body_distance(
            found, wanted, source.confidence, self.weights
        )


@MODELS.register_module()
class TeacherLoss(nn.Module):
    """Agreement with the teacher's bodies of the same frames (BOA's TEACH).

    Args:
        loss_weight: BOA's and DynaBOA's is 0.1.
        conventions: Joints to compare; SMPL's come first. DynaBOA adds
            ``'openpose_25'``.
        centred: Compare 3D joints about the hips; DynaBOA does not.
    """

    def __init__(
        self,
        loss_weight: float = 0.1,
        conventions: Sequence[str] = ('smpl_24',),
        centred: bool = True,
    ) -> None:
        super().__init__()
        if centred and conventions[0] != 'smpl_24':
            raise ValueError("conventions: 'smpl_24' must be first")
        self.loss_weight = loss_weight
        self.conventions, self.centred = tuple(conventions), centred

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss; exactly 0 without a teacher."""
        if not isinstance(step, OnlineInput) or step.teacher is None:
            return step.prediction.camera.new_zeros(())
        view = step.batch.boxes, step.batch.intrinsics
        names = self.conventions
        found = body_points(step.adaptor, step.prediction, *view, names)
        with torch.no_grad():
            wanted = body_points(step.adaptor, step.teacher, *view, names)
        distance = body_distance(found, wanted, centred=self.centred)
        return self.loss_weight * distance


@MODELS.register_module()
class DisplacementLoss(nn.Module):
    """Motion of the prediction against that of the keypoints (BOA's MOT).

    Args:
        loss_weight: BOA's is 0.1, DynaBOA's 0.8.
        visible_only: Keypoints that are missing in one of the frames do not
            count, as in DynaBOA. BOA as published counts all of them, which
            needs complete 2D.
    """

    def __init__(
        self,
        loss_weight: float = 0.1,
        visible_only: bool = True,
    ) -> None:
        super().__init__()
        self.loss_weight = loss_weight
        self.visible_only = visible_only

    def forward(self, step: LossInput) -> Tensor:
        """Weighted loss; exactly 0 without an earlier frame."""
        zero = step.prediction.camera.new_zeros(())
        if not isinstance(step, OnlineInput) or step.past is None:
            return zero
        past, rows = step.past.batch, step.past.rows
        points = step.past_joints2d
        if points is None:
            return zero
        batch = step.batch
        both = (batch.weight[rows] > 0) & (past.weight > 0)
        if not self.visible_only:
            both = torch.ones_like(both)
        boxes = batch.boxes[rows]
        return self.loss_weight * motion_distance(
            normalized_to_crop(step.joints2d[rows], boxes),
            normalized_to_crop(points, past.boxes),
            normalized_to_crop(batch.keypoints[rows], boxes),
            normalized_to_crop(past.keypoints, past.boxes),
            both.to(points),
        )


def body_points(
    adaptor: StepAdaptor,
    prediction: MeshPrediction,
    boxes: Tensor,
    intrinsics: Tensor | None = None,
    conventions: Sequence[str] = ('smpl_24',),
) -> BodyPoints:
    """Joints of predicted bodies in 3D and in the crop.

    Args:
        adaptor: Has body and camera.
        prediction: ``B`` bodies.
        boxes: Square crop boxes ``[B, 4]``, px.
        intrinsics: ``[B, 3, 3]``, px; None for the estimator's crop camera.
        conventions: Joints, one after the other.
    """
    transl, camera = adaptor.estimator.locate(
        prediction.camera, boxes, intrinsics
    )
    named = adaptor.body(
        replace(prediction.params, transl=None), False, tuple(conventions)
    ).keypoints
    joints = torch.cat([named[name] for name in conventions], dim=1)
    pixels = project_points(joints + transl[:, None], camera)
    params = prediction.params
    return BodyPoints(
        joints, normalized_to_crop(pixels, boxes), params.pose, params.betas
    )
