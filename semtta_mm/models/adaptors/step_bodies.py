"""Bodies that training steps predicted, by frame."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class StepBodies:
    """The last training step's body of each frame, with its dropout.

    Attributes:
        pose: Rotation matrices ``[T, 24, 3, 3]``.
        betas: ``[T, 10]``.
        seen: Frames that a step has predicted ``[T]``, bool.
    """

    pose: Tensor
    betas: Tensor
    seen: Tensor

    @classmethod
    def none(cls, count: int) -> StepBodies:
        """Before the first step."""
        return cls(
            pose=torch.eye(3).repeat(count, 24, 1, 1),
            betas=torch.zeros(count, 10),
            seen=torch.zeros(count, dtype=torch.bool),
        )

    def written(
        self, frame: Tensor, pose: Tensor, betas: Tensor
    ) -> StepBodies:
        """With the bodies of one step.

        Args:
            frame: Positions in the track ``[U]``.
            pose: Rotation matrices ``[U, 24, 3, 3]``.
            betas: ``[U, 10]``.
        """
        at = frame.cpu()
        return StepBodies(
            pose=self.pose.index_copy(0, at, pose.detach().cpu().float()),
            betas=self.betas.index_copy(0, at, betas.detach().cpu().float()),
            seen=self.seen.index_fill(0, at, True),
        )

    def filled(self, pose: Tensor, betas: Tensor) -> tuple[Tensor, Tensor]:
        """Pose ``[T, 24, 3, 3]`` and betas ``[T, 10]`` of all frames.

        Args:
            pose: Of frames that no step has predicted ``[T, 24, 3, 3]``.
            betas: Likewise ``[T, 10]``.
        """
        seen = self.seen
        return (
            torch.where(seen[:, None, None, None], self.pose, pose),
            torch.where(seen[:, None], self.betas, betas),
        )
