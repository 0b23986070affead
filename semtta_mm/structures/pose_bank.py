"""The 2D evidence of a track while it is adapted (paper, Sec. 4.2)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum

import torch
from torch import Tensor


class Source(IntEnum):
    """Where a 2D keypoint comes from."""

    MISSING = 0
    DETECTED = 1
    FILLED = 2


@dataclass(frozen=True)
class PoseBank:
    """2D keypoints of all frames, in px of the original image.

    Updates return a new bank and change nothing in place, so a running epoch
    keeps the evidence that it started with.

    Note:
        - frames of the track: T; keypoints of the convention: K

    Attributes:
        keypoints: ``[T, K, 2]``, px; 0 where missing.
        weight: Weight in the 2D loss ``[T, K]``; 0 where missing.
        source: :class:`Source` ``[T, K]``, int64.
    """

    keypoints: Tensor
    weight: Tensor
    source: Tensor

    @classmethod
    def from_detections(cls, keypoints: Tensor, scores: Tensor) -> PoseBank:
        """The evidence before the first epoch.

        Args:
            keypoints: ``[T, K, 2]``, px of the original image.
            scores: ``[T, K]``; 0 means missing.
        """
        detected = scores > 0
        return cls(
            keypoints=torch.where(detected[..., None], keypoints, 0.0),
            weight=detected.to(keypoints.dtype),
            source=detected.long() * int(Source.DETECTED),
        )

    def __len__(self) -> int:
        return len(self.keypoints)

    @property
    def visible(self) -> Tensor:
        """Keypoints that are detected or filled in ``[T, K]``, bool (v_k)."""
        return self.source != int(Source.MISSING)

    def ema(self, prediction: Tensor, alpha: float) -> PoseBank:
        """Blend every visible keypoint with the prediction (Eq. 7).

        Args:
            prediction: Projected keypoints ``[T, K, 2]``, px.
            alpha: Weight of the old value; the paper's is 0.9.
        """
        blended = alpha * self.keypoints + (1 - alpha) * prediction
        kept = torch.where(self.visible[..., None], blended, self.keypoints)
        return replace(self, keypoints=kept)

    def fill(
        self,
        prediction: Tensor,
        allowed: Tensor,
        weight: float | Tensor = 1.0,
    ) -> PoseBank:
        """Fill missing keypoints with the prediction (Eq. 6).

        Args:
            prediction: Projected keypoints ``[T, K, 2]``, px.
            allowed: Where the motion agrees with its text, ``[T]`` or
                ``[T, K]``, bool.
            weight: Of filled keypoints in the 2D loss, a number or
                ``[T, K]``; the paper's is 1.
        """
        if allowed.dim() == 1:
            allowed = allowed[:, None].expand_as(self.source)
        new = ~self.visible & allowed
        return PoseBank(
            keypoints=torch.where(new[..., None], prediction, self.keypoints),
            weight=torch.where(
                new, torch.as_tensor(weight).to(self.weight), self.weight
            ),
            source=torch.where(new, int(Source.FILLED), self.source),
        )

    def count(self, source: Source) -> int:
        """Number of keypoints of a source."""
        return int((self.source == int(source)).sum())
