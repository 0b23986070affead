"""A linear latent space of body poses: principal components."""

from __future__ import annotations

from os import PathLike

import torch
from torch import Tensor

from ...geometry import matrix_to_rot6d, rot6d_to_matrix
from ...registry import MODELS
from .pose_space import BODY_JOINTS, PoseSpace

SIZE = 6 * BODY_JOINTS
"""Numbers of a pose: two columns of each joint's matrix."""


def fit_components(pose: Tensor, components: int) -> dict[str, Tensor]:
    """Principal components of poses.

    Args:
        pose: Rotation matrices ``[N, 24, 3, 3]``.
        components: Size of the latent space D, at most 126.

    Returns:
        State of a :class:`LinearPoseSpace`: ``mean [126]``, ``directions
        [D, 126]`` of unit length, and ``scale [D]``, the standard deviation
        along each.
    """
    vectors = _vectors(pose).double()
    mean = vectors.mean(dim=0)
    centred = vectors - mean
    covariance = centred.T @ centred / len(centred)
    variance, directions = torch.linalg.eigh(covariance)
    order = variance.argsort(descending=True)[:components]
    # A component without variance must not divide by 0.
    scale = variance[order].clamp(min=1e-8).sqrt()
    return {
        'mean': mean.float(),
        'directions': directions[:, order].T.float().contiguous(),
        'scale': scale.float(),
    }


@MODELS.register_module()
class LinearPoseSpace(PoseSpace):
    """Principal components of the joints' rotations, each of unit variance.

    An open stand-in for VPoser (no network): what ``semtta fit-pose-space``
    fits to recorded motions. The decoder makes rotations by Gram-Schmidt.

    Args:
        weights: A shipped name or a file; None encodes to zeros.
        components: Size of the latent space.
    """

    mean: Tensor
    directions: Tensor
    scale: Tensor

    def __init__(
        self,
        weights: str | PathLike[str] | None = 'pose_space_open',
        components: int = 48,
    ) -> None:
        super().__init__()
        eye = torch.eye(3).expand(1, BODY_JOINTS + 3, 3, 3)
        self.register_buffer('mean', _vectors(eye)[0])
        self.register_buffer('directions', torch.zeros(components, SIZE))
        self.register_buffer('scale', torch.ones(components))
        self._freeze(weights)

    def encode(self, pose: Tensor) -> tuple[Tensor, Tensor]:
        """See :meth:`PoseSpace.encode`; the deviation is 0."""
        latent = (_vectors(pose) - self.mean) @ self.directions.T / self.scale
        return latent, torch.zeros_like(latent)

    def decode(self, latent: Tensor) -> Tensor:
        """See :meth:`PoseSpace.decode`."""
        vectors = self.mean + (latent * self.scale) @ self.directions
        return rot6d_to_matrix(
            vectors.unflatten(-1, (BODY_JOINTS, 6)), 'interleave'
        )


def _vectors(pose: Tensor) -> Tensor:
    """Two columns of each joint's matrix ``[N, 126]``."""
    body = pose[:, 1 : BODY_JOINTS + 1]
    return matrix_to_rot6d(body, 'interleave').flatten(1)
