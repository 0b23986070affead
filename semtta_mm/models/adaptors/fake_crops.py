"""Rendered crops with full labels, from perturbed predictions (DAPA)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol, get_args

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ...structures import MeshPrediction, SMPLParams
from ..bodies import SMPLBody

Noise = Literal['uniform', 'randn']
FakeBetas = Literal['zeros', 'prediction']
Array = NDArray[Any]


@dataclass(frozen=True)
class PosedPoints:
    """Bodies and their points, predicted or as labels.

    Note:
        - bodies: B; keypoints of the evidence's convention: K

    Attributes:
        params: Pose and shape of the bodies.
        joints3d: Joints of SMPL ``[B, 24, 3]``, m; any origin.
        joints2d: ``[B, K, 2]``, in -1 to 1 over the crop.
    """

    params: SMPLParams
    joints3d: Tensor
    joints2d: Tensor


@dataclass(frozen=True)
class FakeCrops:
    """Rendered crops and their exact labels.

    Attributes:
        images: RGB ``[B, 3, S, S]``, uint8, on the CPU.
        labels: Of the drawn bodies.
    """

    images: Tensor
    labels: PosedPoints


class Mesh(Protocol):
    """What all poses of a body share.

    Attributes:
        faces: ``[F, 3]``.
        parts: Joint that moves each vertex most ``[V]``.
    """

    @property
    def faces(self) -> Array: ...  # noqa: D102
    @property
    def parts(self) -> Array: ...  # noqa: D102


Painter = Callable[
    [Array, Array, Array, Mesh, Array, np.random.Generator], Array
]
"""See :class:`semtta_mm.visualization.BodyPainter`."""


class Space(Protocol):
    """What is used of :class:`~semtta_mm.models.priors.PoseSpace`."""

    def encode(self, pose: Tensor) -> tuple[Tensor, Tensor]:
        """See :meth:`PoseSpace.encode`."""

    def with_body(self, pose: Tensor, latent: Tensor) -> Tensor:
        """See :meth:`PoseSpace.with_body`."""


@dataclass(frozen=True)
class BodyArrays:
    """A :class:`Mesh` of a body of ours."""

    faces: Array
    parts: Array

    @classmethod
    def of(cls, body: SMPLBody) -> BodyArrays:
        """Arrays of a body, on the CPU."""
        return cls(
            body.faces.cpu().numpy().astype(np.int32),
            body.weights.argmax(dim=1).cpu().numpy(),
        )


def perturbed(
    latent: Tensor, noise: Noise, scale: float, generator: torch.Generator
) -> Tensor:
    """Latent vectors with noise.

    Args:
        latent: ``[N, D]``.
        noise: ``'uniform'``: times ``1 + scale * U[0, 1)``, as published; or
            ``'randn'``: plus ``scale`` times standard normal values. (DAPA
            names this option; that it adds is our reading.)
        scale: Strength; 0 changes nothing.
        generator: Source of the noise, on the CPU.

    Returns:
        ``[N, D]``.

    Raises:
        ValueError: If there is no such noise.
    """
    if noise == 'uniform':
        share = torch.rand(latent.shape, generator=generator)
        return latent * (1 + scale * share.to(latent))
    if noise == 'randn':
        step = torch.randn(latent.shape, generator=generator)
        return latent + scale * step.to(latent)
    raise ValueError(f'noise: one of {get_args(Noise)}, got {noise!r}')


@dataclass
class PosePerturbation:
    """From a predicted body to one that is a little different.

    Attributes:
        space: Latent space of poses.
        noise: See :func:`perturbed`.
        scale: See :func:`perturbed`; DAPA's is 0.005 for 3DPW, 0.5 for AGORA
            and gym videos, 1 for smart-home videos.
        sample: Whether the latent vector is drawn from the encoder's
            distribution, as published; else it is its mean.
        betas: Shapes: ``'zeros'``, as DAPA has for data without fits such as
            3DPW, or those of the ``'prediction'``.
    """

    space: Space
    noise: Noise = 'uniform'
    scale: float = 0.005
    sample: bool = True
    betas: FakeBetas = 'zeros'

    def __post_init__(self) -> None:
        for name, value, known in (
            ('noise', self.noise, get_args(Noise)),
            ('fake_betas', self.betas, get_args(FakeBetas)),
        ):
            if value not in known:
                raise ValueError(f'{name}: one of {known}, got {value!r}')

    def __call__(
        self, found: MeshPrediction, generator: torch.Generator
    ) -> MeshPrediction:
        """New bodies; root, hands and camera are those that were predicted.

        Args:
            found: Predicted bodies, without gradient.
            generator: Source of the noise, on the CPU.
        """
        params = found.params
        latent, spread = self.space.encode(params.pose)
        if self.sample:
            step = torch.randn(latent.shape, generator=generator)
            latent = latent + spread * step.to(latent)
        latent = perturbed(latent, self.noise, self.scale, generator)
        pose = self.space.with_body(params.pose, latent)
        betas = params.betas
        if self.betas == 'zeros':
            betas = torch.zeros_like(betas)
        moved = replace(params, body_pose=pose[:, 1:], betas=betas)
        return replace(found, params=moved)


def paint_crops(
    painter: Painter,
    mesh: Mesh,
    crops: Tensor,
    bodies: tuple[Tensor, Tensor],
    intrinsics: Tensor,
    rng: np.random.Generator,
) -> Tensor:
    """Draw a body into each crop.

    Args:
        painter: Draws one.
        mesh: Of all bodies.
        crops: RGB ``[B, 3, S, S]``, uint8.
        bodies: Vertices ``[B, V, 3]``, m, camera frame: those that the crops
            show, which give the colours, and those to draw.
        intrinsics: ``[B, 3, 3]``, px of the crop.
        rng: Source of the painter's choices.

    Returns:
        RGB ``[B, 3, S, S]``, uint8, on the CPU.
    """
    pictures = crops.cpu().permute(0, 2, 3, 1).numpy()
    seen, posed = (value.cpu().double().numpy() for value in bodies)
    cameras = intrinsics.cpu().double().numpy()
    painted = [
        painter(picture, seen[i], posed[i], mesh, cameras[i], rng)
        for i, picture in enumerate(pictures)
    ]
    return torch.from_numpy(np.stack(painted)).permute(0, 3, 1, 2)
