"""2D evidence of windows, in the coordinates that a lifter reads."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import torch
from torch import Tensor

from ...geometry.resampling import sample_rotations

CONVENTION = 'coco_23'
"""Keypoint convention of the evidence."""

_FAR = 3.0
"""Keypoints beyond this many half boxes are cut off there."""


@dataclass(frozen=True)
class LifterEvidence:
    """What is known about the person in some windows.

    All image coordinates of a window share one unit: px, or px divided by
    the focal length.

    Note:
        - windows: B; frames of a window: T; keypoints of :data:`CONVENTION`: K

    Attributes:
        keypoints: ``[B, T, K, 2]``; ignored where the score is 0.
        scores: Confidence ``[B, T, K]``, 0 where missing.
        boxes: Box of the person ``[B, T, 4]`` (x1, y1, x2, y2).
        valid: Frames that exist ``[B, T]``, bool.
        camera: Known cameras ``[B, T, 3]``: tangents of the angles between
            the optical axis and the box's centre, to the right and down, and
            the box's longer side over the focal length; 0 where unknown.
        camera_known: ``[B]``, bool.
        estimate: A mesh estimator's rotation matrices
            ``[B, T, 24, 3, 3]``, the root in the pelvis ray's axes; ignored
            where unknown.
        estimate_known: ``[B]``, bool.
    """

    keypoints: Tensor
    scores: Tensor
    boxes: Tensor
    valid: Tensor
    camera: Tensor
    camera_known: Tensor
    estimate: Tensor
    estimate_known: Tensor

    def __len__(self) -> int:
        return len(self.keypoints)

    def __getitem__(self, index: Tensor | slice) -> LifterEvidence:
        parts = {f.name: getattr(self, f.name)[index] for f in fields(self)}
        return replace(self, **parts)

    def resampled(self, at: Tensor) -> LifterEvidence:
        """Evidence between the frames of the only window.

        Keypoints are linear in time between two detections, else those of
        the nearer frame.

        Args:
            at: Positions ``[N]`` in ``[0, T - 1]``.
        """
        last = self.valid.shape[1] - 1
        low = at.floor().long().clamp(max=last)
        high = (low + 1).clamp(max=last)
        near = at.round().long().clamp(max=last)
        share = (at - low).to(self.keypoints)[:, None]

        def between(values: Tensor) -> Tensor:
            weight = share.reshape(-1, *[1] * (values.dim() - 2))
            return torch.lerp(values[:, low], values[:, high], weight)

        both = (self.scores[:, low] > 0) & (self.scores[:, high] > 0)
        points, scores = self.keypoints, self.scores
        return replace(
            self,
            keypoints=torch.where(
                both[..., None], between(points), points[:, near]
            ),
            scores=torch.where(both, between(scores), scores[:, near]),
            boxes=between(self.boxes),
            valid=self.valid[:, near],
            camera=between(self.camera),
            estimate=sample_rotations(self.estimate, at),
        )

    def windows(self, index: Tensor, valid: Tensor) -> LifterEvidence:
        """Cut the only window of this evidence into shorter ones.

        Args:
            index: Frames of each new window ``[N, T]``.
            valid: Which of them exist ``[N, T]``, bool.
        """
        count = len(index)
        return LifterEvidence(
            keypoints=self.keypoints[0, index],
            scores=self.scores[0, index],
            boxes=self.boxes[0, index],
            valid=valid & self.valid[0, index],
            camera=self.camera[0, index],
            camera_known=self.camera_known.expand(count),
            estimate=self.estimate[0, index],
            estimate_known=self.estimate_known.expand(count),
        )

    def to(self, device: torch.device) -> LifterEvidence:
        """The same on another device."""
        parts = {
            f.name: getattr(self, f.name).to(device) for f in fields(self)
        }
        return replace(self, **parts)

    def frame_features(self) -> Tensor:
        """Numbers of each frame ``[B, T, 4 K + 3]``.

        Keypoints relative to the box's centre, in half of the window's
        median box side; scores; which keypoints there are; width and height
        of the box in the same unit; whether the frame exists. 0 where
        missing.
        """
        there = (self.scores > 0) & self.valid[..., None]
        size = self.boxes[..., 2:] - self.boxes[..., :2]
        longer = size.amax(dim=-1).masked_fill(~self.valid, torch.nan)
        half = longer.nanmedian(dim=1).values / 2
        half = half.nan_to_num(1.0).clamp(min=1e-6)[:, None, None]
        centre = (self.boxes[..., :2] + self.boxes[..., 2:]) / 2
        points = (self.keypoints - centre[:, :, None]) / half[..., None]
        points = points.clamp(-_FAR, _FAR).masked_fill(~there[..., None], 0)
        numbers = (
            points.flatten(2),
            self.scores.masked_fill(~there, 0),
            there.to(points),
            size / (2 * half),
            self.valid[..., None].to(points),
        )
        return torch.cat(numbers, -1).masked_fill(~self.valid[..., None], 0)


def camera_numbers(boxes: Tensor, intrinsics: Tensor) -> Tensor:
    """See :attr:`LifterEvidence.camera`.

    Args:
        boxes: ``[..., 4]``, px.
        intrinsics: ``[..., 3, 3]``, px.

    Returns:
        ``[..., 3]``.
    """
    focal = torch.stack((intrinsics[..., 0, 0], intrinsics[..., 1, 1]), -1)
    centre = (boxes[..., :2] + boxes[..., 2:]) / 2
    size = (boxes[..., 2:] - boxes[..., :2]).amax(dim=-1, keepdim=True)
    ray = (centre - intrinsics[..., :2, 2]) / focal
    return torch.cat((ray, size / focal.mean(dim=-1, keepdim=True)), dim=-1)
