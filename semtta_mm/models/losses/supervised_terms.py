"""Arithmetic of the losses of BOA, DynaBOA and DAPA, on plain tensors.

2D positions are in -1 to 1 over the crop, whatever its side in pixels, so the
published weights carry over to crops of any size.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from ...conventions import SMPL_JOINTS
from ...geometry.cameras import box_centre_side

_HIPS = tuple(SMPL_JOINTS.index(f'{side}_hip') for side in ('left', 'right'))


@dataclass(frozen=True)
class BodyPoints:
    """Bodies as far as the supervised terms compare them.

    Attributes:
        joints3d: ``[B, J, 3]``, m; SMPL's 24 joints come first.
        joints2d: ``[B, J, 2]``, in -1 to 1 over the crop.
        pose: Rotation matrices ``[B, 24, 3, 3]``.
        betas: ``[B, 10]``.
    """

    joints3d: Tensor
    joints2d: Tensor
    pose: Tensor
    betas: Tensor


@dataclass(frozen=True)
class TermWeights:
    """Weights of the supervised terms; BOA's are the defaults."""

    joints3d: float = 5.0
    joints2d: float = 5.0
    pose: float = 1.0
    betas: float = 0.001


def normalized_to_crop(points: Tensor, boxes: Tensor) -> Tensor:
    """Image px to -1 to 1 over the crop.

    Args:
        points: ``[B, K, 2]``, px of the original image.
        boxes: Square crop boxes ``[B, 4]``, px.

    Returns:
        ``[B, K, 2]``.
    """
    centre, side = box_centre_side(boxes)
    return (points - centre[:, None]) / (side / 2)[:, None, None]


def weighted_mse(prediction: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Mean over all entries of the weighted squared difference.

    Args:
        prediction: ``[B, K, D]``.
        target: ``[B, K, D]``; ignored where the weight is 0, even if NaN.
        weight: ``[B, K]``, 0 where missing; missing entries count as 0.

    Returns:
        Scalar; exactly 0, with zero gradients, if nothing has a weight.
    """
    missing = (weight == 0)[..., None]
    # Where both are masked, a NaN target cannot reach the gradient.
    distance = (prediction - target.masked_fill(missing, 0)).square()
    total = (weight[..., None] * distance).masked_fill(missing, 0).sum()
    return total / max(prediction.numel(), 1)


def about_hips(joints: Tensor) -> Tensor:
    """Joints relative to the middle of the hips.

    Args:
        joints: ``[B, J, 3]``, SMPL's 24 joints first.
    """
    return joints - joints[:, _HIPS].mean(dim=1, keepdim=True)


def body_distance(
    prediction: BodyPoints,
    target: BodyPoints,
    confidence: Tensor | None = None,
    weights: TermWeights | None = None,
    centred: bool = True,
) -> Tensor:
    """Weighted mean squared differences of two bodies.

    Args:
        prediction: ``B`` bodies.
        target: The bodies that they should be.
        confidence: Of the 2D joints ``[B, J]``; None: all 1.
        weights: None takes BOA's.
        centred: Compare 3D joints relative to the middle of the hips.

    Returns:
        Scalar.
    """
    weights = weights or TermWeights()
    if confidence is None:
        confidence = torch.ones_like(target.joints2d[..., 0])
    found, wanted = prediction.joints3d, target.joints3d
    if centred:
        found, wanted = about_hips(found), about_hips(wanted)
    in_2d = weighted_mse(prediction.joints2d, target.joints2d, confidence)
    pose = (prediction.pose - target.pose).square().mean()
    betas = (prediction.betas - target.betas).square().mean()
    return (
        weights.joints3d * (found - wanted).square().mean()
        + weights.joints2d * in_2d
        + weights.pose * pose
        + weights.betas * betas
    )


def motion_distance(
    now: Tensor,
    past: Tensor,
    target_now: Tensor,
    target_past: Tensor,
    weight: Tensor,
) -> Tensor:
    """Mean squared difference of predicted and detected displacements.

    Args:
        now: Predicted keypoints ``[P, K, 2]``, in -1 to 1 over the crop.
        past: The same, some frames earlier.
        target_now: Detected keypoints ``[P, K, 2]``.
        target_past: The same, some frames earlier.
        weight: ``[P, K]``, 0 where one of the two is missing.

    Returns:
        Scalar; 0 if nothing has a weight.
    """
    return weighted_mse(now - past, target_now - target_past, weight)
