"""Pairs to compare: bodies with bodies, keypoints with evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from ..conventions import CONVENTIONS, keypoint_index, keypoint_names
from ..utils import InputError
from .functional import (
    check_finite,
    check_shape,
    check_size,
    root_index,
    root_position,
)
from .protocol import Protocol
from .samples import bools, flags_or_true, floats, take


@dataclass(frozen=True)
class BodyPair:
    """Predicted and true bodies of one track.

    Note:
        - frames of the track: T; joints of the joint set: J

    Attributes:
        prediction: Joints ``[T, J, 3]``, m; root not subtracted.
        target: Joints ``[T, J, 3]``, m; NaN allowed where not ``valid``.
        prediction_root: ``[T, 1, 3]``, m.
        target_root: ``[T, 1, 3]``, m; 0 where not ``rooted``.
        valid: Joints that may be compared ``[T, J]``, bool.
        rooted: Frames whose true root is known ``[T]``, bool.
        occluded: Joints without 2D evidence ``[T, J]``, bool, or None.
    """

    prediction: Tensor
    target: Tensor
    prediction_root: Tensor
    target_root: Tensor
    valid: Tensor
    rooted: Tensor
    occluded: Tensor | None

    def about_root(self) -> tuple[Tensor, Tensor, Tensor]:
        """Joints about their roots, and which count ``[T, J]``."""
        return (
            self.prediction - self.prediction_root,
            self.target - self.target_root,
            self.valid & self.rooted[:, None],
        )


@dataclass(frozen=True)
class ImagePair:
    """Projected keypoints and 2D evidence of one track.

    Attributes:
        prediction: ``[T, K, 2]``, px.
        target: ``[T, K, 2]``, px.
        visible: ``[T, K]``, bool.
        size: Longer side of each frame's box ``[T]``, px, or None.
    """

    prediction: Tensor
    target: Tensor
    visible: Tensor
    size: Tensor | None


def _convention(sample: Mapping[str, Any]) -> str:
    name = str(sample['name'])
    convention = str(take(name, sample, 'reference.convention'))
    if convention not in CONVENTIONS:
        raise InputError(
            name,
            'reference.convention',
            f'{convention!r} is unknown',
            f'use one of {", ".join(CONVENTIONS)}',
        )
    return convention


def _predicted_joints(sample: Mapping[str, Any], convention: str) -> Tensor:
    name = str(sample['name'])
    joints = take(name, sample, 'prediction.joints')
    if convention not in joints:
        raise InputError(
            name,
            'prediction.joints',
            f'holds {sorted(joints)}, the reference is in {convention!r}',
            f"let the body regress {convention!r}, or state the reference's "
            'joints in one of those conventions',
        )
    return floats(joints[convention])


def _selection(name: str, convention: str, joint_set: str) -> list[int]:
    wanted, names = keypoint_names(joint_set), keypoint_names(convention)
    missing = [joint for joint in wanted if joint not in names]
    if missing:
        raise InputError(
            name,
            'joint_set',
            f'{convention} lacks {", ".join(missing)} of {joint_set!r}',
            'choose a joint set that the reference has, e.g. limbs_12',
        )
    return keypoint_index(convention, wanted)


def read_body(
    sample: Mapping[str, Any], frame_ids: Tensor, protocol: Protocol
) -> BodyPair | None:
    """The bodies of a track; None if it has no reference.

    Raises:
        InputError: On a missing field, another shape, joints or a root that
            the reference's convention lacks, NaN in the prediction or in
            a valid part of the reference.
    """
    reference = sample.get('reference')
    if reference is None:
        return None
    name, length = str(sample['name']), len(frame_ids)
    convention = _convention(sample)
    prediction = _predicted_joints(sample, convention)
    target = floats(take(name, sample, 'reference.joints'))
    shape = (length, len(keypoint_names(convention)))
    field = f'prediction.joints[{convention}]'
    check_shape(name, field, prediction.shape, (*shape, 3))
    check_shape(name, 'reference.joints', target.shape, (*shape, 3))
    valid = flags_or_true(
        name, 'reference.joints_valid', reference.get('joints_valid'), shape
    )
    frames = flags_or_true(
        name, 'reference.valid', reference.get('valid'), (length,)
    )
    check_finite(name, field, prediction, None, frame_ids)
    valid = valid & frames[:, None]
    check_finite(name, 'reference.joints', target, valid, frame_ids)
    return _assemble(
        sample, protocol, convention, prediction, target, valid, frames
    )


def _assemble(
    sample: Mapping[str, Any],
    protocol: Protocol,
    convention: str,
    prediction: Tensor,
    target: Tensor,
    valid: Tensor,
    frames: Tensor,
) -> BodyPair:
    name = str(sample['name'])
    root = root_index(convention, protocol.root)
    index = _selection(name, convention, protocol.joint_set)
    occluded = sample.get('occluded')
    if occluded is not None:
        flags = flags_or_true(name, 'occluded', occluded, tuple(valid.shape))
        occluded = flags[:, index]
    rooted = frames & valid[:, root].all(dim=-1)
    target_root = root_position(target, convention, protocol.root)
    return BodyPair(
        prediction=prediction[:, index],
        target=target[:, index],
        prediction_root=root_position(prediction, convention, protocol.root),
        target_root=target_root.masked_fill(~rooted[:, None, None], 0),
        valid=valid[:, index],
        rooted=rooted,
        occluded=occluded,
    )


def read_image(
    sample: Mapping[str, Any], frame_ids: Tensor
) -> ImagePair | None:
    """Keypoints of a track; None if evidence or projection is absent.

    Raises:
        InputError: On a missing field, another shape, or NaN in a visible
            keypoint.
    """
    evidence = sample.get('evidence')
    points = take(str(sample['name']), sample, 'prediction').get('joints2d')
    if evidence is None or points is None:
        return None
    name = str(sample['name'])
    prediction = floats(points)
    target = floats(take(name, sample, 'evidence.keypoints'))
    visible = bools(take(name, sample, 'evidence.visible'))
    check_shape(
        name, 'evidence.keypoints', target.shape, (len(frame_ids), 'K', 2)
    )
    check_shape(
        name, 'prediction.joints2d', prediction.shape, tuple(target.shape)
    )
    check_shape(
        name, 'evidence.visible', visible.shape, tuple(target.shape[:2])
    )
    check_finite(name, 'prediction.joints2d', prediction, visible, frame_ids)
    check_finite(name, 'evidence.keypoints', target, visible, frame_ids)
    size = evidence.get('box_size')
    if size is not None:
        size = floats(size)
        check_size(name, 'evidence.box_size', size, visible)
    return ImagePair(prediction, target, visible, size)
