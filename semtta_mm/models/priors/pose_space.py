"""Latent spaces of body poses: a pose to a vector and back."""

from __future__ import annotations

from abc import abstractmethod
from os import PathLike

from torch import Tensor, nn

from ...checkpoints.weights import load_weights, weights_exist
from ...utils.required_files import RequiredFile

BODY_JOINTS = 21
"""Joints that a space knows: 1 to 21, without root and hands."""


class PoseSpace(nn.Module):
    """A frozen pair of encoder and decoder of body poses.

    It stays in eval mode and has no gradient of its own parameters. Root and
    hands are no part of it: :meth:`with_body` keeps them.

    Note:
        - poses: N; size of the latent space: D

    Raises:
        InputError: If the file of the weights does not fit.
    """

    required_files: tuple[RequiredFile, ...] = (
        RequiredFile(
            'weights',
            'pose space',
            '`semtta fit-pose-space`; pose_space_open is in the package',
            weights_exist,
        ),
    )

    @abstractmethod
    def encode(self, pose: Tensor) -> tuple[Tensor, Tensor]:
        """The distribution of a pose's latent vector.

        Args:
            pose: Rotation matrices ``[N, 24, 3, 3]``; root and hands are not
                used.

        Returns:
            Mean and standard deviation ``[N, D]``; a deviation of 0 if the
            encoder gives one vector.
        """

    @abstractmethod
    def decode(self, latent: Tensor) -> Tensor:
        """Poses of latent vectors.

        Args:
            latent: ``[N, D]``.

        Returns:
            Rotation matrices of joints 1 to 21 ``[N, 21, 3, 3]``.
        """

    def with_body(self, pose: Tensor, latent: Tensor) -> Tensor:
        """The pose with the body of a latent vector.

        Args:
            pose: Rotation matrices ``[N, 24, 3, 3]``; gives root and hands.
            latent: ``[N, D]``.

        Returns:
            Rotation matrices ``[N, 24, 3, 3]``.
        """
        out = pose.clone()
        out[:, 1 : BODY_JOINTS + 1] = self.decode(latent)
        return out

    def _freeze(self, weights: str | PathLike[str] | None) -> None:
        """Load the weights, if any, and freeze; at the end of a build."""
        if weights is not None:
            load_weights(self, weights)
        self.requires_grad_(False).train(False)

    def train(self, mode: bool = True) -> PoseSpace:
        """Stays in eval mode."""
        return super().train(False)
