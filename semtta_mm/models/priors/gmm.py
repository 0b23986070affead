"""SMPLify's mixture of Gaussians over poses: ``gmm_08.pkl``."""

from __future__ import annotations

import math
from os import PathLike
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ...checkpoints.smpl_pickles import read_smpl_pickle
from ...conventions import NUM_JOINTS
from ...geometry import matrix_to_axis_angle
from ...registry import MODELS
from ...utils import InputError
from ...utils.required_files import RequiredFile
from .base import PriorLoss

SIZE = 3 * (NUM_JOINTS - 1)
"""Axis-angle of all joints but the root."""
_FIX = (
    'give the gmm_08.pkl of SMPLify or SPIN: a dictionary with means [K, 69], '
    'covars [K, 69, 69] and weights [K]'
)


@MODELS.register_module()
class GMMPriorLoss(PriorLoss):
    """Negative log-likelihood of single poses (Bogo et al., ECCV 2016).

    Only the likeliest component is used, as in SMPLify. Determinants are
    relative to the smallest, so that the value equals that of SMPLify's
    ``MaxMixturePrior``.

    Args:
        path: ``gmm_08.pkl``.
        loss_weight: BOA's is 1e-4.

    Raises:
        InputError: If the file is bad.
    """

    required_files = (
        RequiredFile(
            'path',
            'gmm_08.pkl',
            'pose prior of SMPLify, also in the data of SPIN',
        ),
    )

    means: Tensor
    whitening: Tensor
    offset: Tensor

    def __init__(
        self, path: str | PathLike[str], loss_weight: float = 1e-4
    ) -> None:
        super().__init__(loss_weight)
        means, covariances, weights = read_mixture(Path(path))
        # |W (x - m)|^2 is the squared Mahalanobis distance.
        factors = np.linalg.cholesky(covariances)
        logs = np.log(np.diagonal(factors, axis1=1, axis2=2)).sum(1)
        offset = (
            logs - logs.min() + SIZE / 2 * math.log(2 * math.pi)
        ) - np.log(weights)
        for name, value in (
            ('means', means),
            ('whitening', np.linalg.inv(factors)),
            ('offset', offset),
        ):
            tensor = torch.tensor(value, dtype=torch.float32)
            self.register_buffer(name, tensor, persistent=False)

    def energy(self, pose: Tensor) -> Tensor:
        """Negative log-likelihood.

        Args:
            pose: Rotation matrices ``[N, 24, 3, 3]``; the root is not used.

        Returns:
            ``[N]``.
        """
        vector = matrix_to_axis_angle(pose[:, 1:]).flatten(1)
        white = torch.einsum(
            'kij,nkj->nki', self.whitening, vector[:, None] - self.means
        )
        return (0.5 * white.square().sum(-1) + self.offset).amin(dim=1)

    def penalty(self, pose: Tensor, valid: Tensor, rate: float) -> Tensor:
        """Mean over the valid frames."""
        energy = self.energy(pose[valid])
        return energy.sum() / max(len(energy), 1)


def read_mixture(path: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Means, covariances and weights of a mixture, checked.

    Args:
        path: ``gmm_08.pkl``, which is read without running code.

    Returns:
        ``[K, 69]``, ``[K, 69, 69]``, ``[K]``.

    Raises:
        InputError: If a field is absent, of another shape or invalid.
    """
    arrays = read_smpl_pickle(path)
    for name in ('means', 'covars', 'weights'):
        if name not in arrays:
            raise InputError(path, name, 'is absent', _FIX)
    count = len(np.atleast_1d(arrays['weights']))
    shapes = {
        'means': (count, SIZE),
        'covars': (count, SIZE, SIZE),
        'weights': (count,),
    }
    values = []
    for name, shape in shapes.items():
        array = arrays[name]
        if array.shape != shape or array.dtype.kind not in 'fiu':
            problem = f'expected {list(shape)}, got {list(array.shape)}'
            raise InputError(path, name, problem, _FIX)
        if not np.isfinite(array).all():
            raise InputError(path, name, 'holds NaN or infinity', _FIX)
        values.append(array.astype(np.float64))
    means, covariances, weights = values
    if not (weights > 0).all() or abs(weights.sum() - 1) > 1e-2:
        problem = 'are not positive or do not sum to one'
        raise InputError(path, 'weights', problem, _FIX)
    if not np.linalg.eigvalsh(covariances).min() > 0:
        raise InputError(path, 'covars', 'are not positive definite', _FIX)
    return means, covariances, weights
