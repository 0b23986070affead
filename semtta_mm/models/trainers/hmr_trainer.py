"""Supervised training of a mesh estimator with mmengine's Runner."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.model import BaseModel
from torch import Tensor

from ...geometry import project_points
from ...registry import MODELS
from ...structures import MeshPrediction, SMPLParams
from .hmr_losses import (
    heatmap_loss,
    joint_loss,
    keypoint_loss,
    pose_loss,
    scale_prior,
)


@MODELS.register_module()
class HMRTrainer(BaseModel):
    """Supervised training of a mesh estimator.

    A batch contains ``image`` ``[B, 3, S, S]`` uint8, ``pose``
    ``[B, 24, 3, 3]``, ``betas`` ``[B, 10]``, ``keypoints`` ``[B, K, 2]`` px
    of the crop, ``visible`` ``[B, K]`` and ``index`` ``[B]``, as from
    :class:`~semtta_mm.training_data.CropDataset`.

    Args:
        estimator: Config of the estimator that is trained.
        body: Config of the body model of the labels.
        convention: Keypoint convention of ``keypoints``.
        weights: Weight of each loss; others keep their default.
        bfloat16: Run the estimator with autocast and channels last: twice as
            fast on recent CPUs, without loss scaling. The body and the
            losses use float32.
        **kwargs: See :class:`mmengine.model.BaseModel`.
    """

    WEIGHTS = {
        'root': 2.0,
        'pose': 2.0,
        'joints': 5.0,
        'keypoints': 2.0,
        'parts': 2.0,
        'heatmaps': 0.2,
        'betas': 0.002,
        'scale': 10.0,
    }

    def __init__(
        self,
        estimator: dict,
        body: dict,
        convention: str = 'coco_23',
        weights: dict[str, float] | None = None,
        bfloat16: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        unknown = set(weights or ()) - set(self.WEIGHTS)
        if unknown:
            raise ValueError(
                f'weights: unknown {sorted(unknown)}; '
                f'known: {list(self.WEIGHTS)}'
            )
        self.estimator = MODELS.build(estimator)
        self.body = MODELS.build(body)
        self.convention = convention
        self.weights = self.WEIGHTS | (weights or {})
        self.bfloat16 = bfloat16

    def forward(
        self, image: Tensor, mode: str = 'tensor', **labels: Tensor
    ) -> MeshPrediction | dict[str, Tensor] | list[dict[str, Any]]:
        """Mmengine's entry.

        Args:
            image: Crops ``[B, 3, S, S]``.
            mode: ``'tensor'``, ``'loss'`` or ``'predict'``.
            **labels: See the class; not needed for ``'tensor'``.

        Returns:
            The prediction, the losses, or one sample for ``MeshMetric``.
        """
        prediction = self.estimate(image)
        if mode == 'tensor':
            return prediction
        if mode == 'loss':
            return self.loss(prediction, labels)
        return [self.sample(prediction, labels)]

    def estimate(self, image: Tensor) -> MeshPrediction:
        """Run the estimator, optionally in bfloat16; returns float32."""
        if not self.bfloat16:
            return self.estimator(image)
        with torch.autocast(image.device.type, torch.bfloat16):
            out = self.estimator(image)
        params = SMPLParams.from_pose(
            out.params.pose.float(), out.params.betas.float()
        )
        points, logits = out.keypoints, out.keypoint_logits
        return MeshPrediction(
            params,
            out.camera.float(),
            None if points is None else points.float(),
            None if logits is None else logits.float(),
        )

    def loss(
        self, prediction: MeshPrediction, labels: dict[str, Tensor]
    ) -> dict[str, Tensor]:
        """Weighted losses, ``loss_*``."""
        params, target = prediction.params, _target(labels)
        out = self.body(params, False, (self.convention,))
        size = self.estimator.input_size
        pixels = self._project(
            out.keypoints[self.convention], prediction.camera
        )
        losses = {
            'root': pose_loss(params.pose[:, :1], target.pose[:, :1]),
            'pose': pose_loss(params.body_pose, target.body_pose),
            'joints': joint_loss(out.joints, self.body.joints_only(target)),
            'keypoints': keypoint_loss(
                pixels, labels['keypoints'], labels['visible'], size
            ),
            'betas': (params.betas - target.betas).square().mean(),
            'scale': scale_prior(prediction.camera),
        }
        if prediction.keypoints is not None:
            losses['parts'] = keypoint_loss(
                prediction.keypoints,
                labels['keypoints'],
                labels['visible'],
                size,
            )
        if prediction.keypoint_logits is not None:
            losses['heatmaps'] = heatmap_loss(
                prediction.keypoint_logits,
                labels['keypoints'],
                labels['visible'],
                size,
                self.estimator.map_margin,
            )
        return {f'loss_{k}': self.weights[k] * v for k, v in losses.items()}

    def _project(self, points: Tensor, camera: Tensor) -> Tensor:
        """Points ``[B, K, 3]`` to px of the crop ``[B, K, 2]``."""
        size = self.estimator.input_size
        boxes = points.new_tensor([0, 0, size, size]).expand(len(points), 4)
        transl, intrinsics = self.estimator.locate(camera, boxes)
        return project_points(points + transl[:, None], intrinsics)

    def sample(
        self, prediction: MeshPrediction, labels: dict[str, Tensor]
    ) -> dict[str, Any]:
        """The batch as one track for ``MeshMetric``."""
        target = _target(labels)
        count = len(target)
        return {
            'name': f'crops from {int(labels["index"][0])}',
            'frame_ids': 2 * torch.arange(count),  # not one motion
            'fps': 30.0,
            'prediction': {
                'joints': {'smpl_24': self.body.joints_only(prediction.params)}
            },
            'reference': {
                'joints': self.body.joints_only(target),
                'convention': 'smpl_24',
            },
        }


def _target(labels: dict[str, Tensor]) -> SMPLParams:
    return SMPLParams.from_pose(labels['pose'], labels['betas'])
