"""VPoser as a latent space of poses (Pavlakos et al., CVPR 2019)."""

from __future__ import annotations

from os import PathLike

from torch import Tensor, nn
from torch.nn import functional as F

from ...checkpoints.layouts import CheckpointLayout
from ...checkpoints.layouts.vposer import VPOSER_V02_WHOLE
from ...checkpoints.weights import weights_exist
from ...geometry import matrix_to_axis_angle, rot6d_to_matrix
from ...registry import MODELS
from ...utils.required_files import RequiredFile
from .pose_space import BODY_JOINTS, PoseSpace


class _Distribution(nn.Module):
    """Mean and deviation, with the official names."""

    def __init__(self, width: int, latent: int) -> None:
        super().__init__()
        self.mu = nn.Linear(width, latent)
        self.logvar = nn.Linear(width, latent)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        # The deviation, whatever the official name says.
        return self.mu(x), F.softplus(self.logvar(x))


@MODELS.register_module()
class VPoserSpace(PoseSpace):
    """Encoder and decoder of VPoser V02_05, with the official names.

    Args:
        weights: The snapshot (``.ckpt``) of V02_05; None keeps the initial
            weights.
        width: Width of the hidden layers.
        latent: Size of the latent space.

    Raises:
        InputError: If the file does not fit.
    """

    required_files = (
        RequiredFile(
            'weights',
            'VPoser',
            'V02_05 of the SMPL-X (SMPLify-X) web site, its snapshot',
            weights_exist,
        ),
    )

    def __init__(
        self,
        weights: str | PathLike[str] | None,
        width: int = 512,
        latent: int = 32,
    ) -> None:
        super().__init__()
        size = 3 * BODY_JOINTS
        self.encoder_net = nn.Sequential(
            nn.Flatten(),
            nn.BatchNorm1d(size),
            nn.Linear(size, width),
            nn.LeakyReLU(),
            nn.BatchNorm1d(width),
            nn.Dropout(0.1),
            nn.Linear(width, width),
            nn.Linear(width, width),
            _Distribution(width, latent),
        )
        self.decoder_net = nn.Sequential(
            nn.Linear(latent, width),
            nn.LeakyReLU(),
            nn.Dropout(0.1),
            nn.Linear(width, width),
            nn.LeakyReLU(),
            nn.Linear(width, 6 * BODY_JOINTS),
        )
        self._freeze(weights)

    def checkpoint_layouts(self) -> tuple[CheckpointLayout, ...]:
        """Public checkpoints that :func:`.load_weights` reads."""
        return (VPOSER_V02_WHOLE,)

    def encode(self, pose: Tensor) -> tuple[Tensor, Tensor]:
        """See :meth:`PoseSpace.encode`."""
        vectors = matrix_to_axis_angle(pose[:, 1 : BODY_JOINTS + 1])
        found: tuple[Tensor, Tensor] = self.encoder_net(vectors)
        return found

    def decode(self, latent: Tensor) -> Tensor:
        """See :meth:`PoseSpace.decode`."""
        rot6d = self.decoder_net(latent).unflatten(-1, (BODY_JOINTS, 6))
        return rot6d_to_matrix(rot6d, 'interleave')
