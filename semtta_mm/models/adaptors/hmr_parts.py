"""HMR's regressor in two parts: shared features, and what reads them.

Only dropout is between the regressor's layers, so that the first layer's
part for the image feature does not depend on the iteration: it is the last
representation that does not depend on parameters of the body, and a second
head can read it too.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from ...conventions import NUM_JOINTS
from ...geometry import rot6d_to_matrix
from ...structures import MeshPrediction, SMPLParams
from ...utils import InputError
from ..estimators import HMREstimator

_HEAD = ('fc1', 'fc2', 'decpose', 'decshape', 'deccam', 'init_pose')
_SHARED = 'head.fc1.'


class HMRParts:
    """The two parts of an :class:`HMREstimator` with HMR's own regressor.

    Args:
        estimator: The network.
        head_only: Whether inputs are features of the frozen trunk.

    Raises:
        InputError: If the estimator is another.
    """

    def __init__(self, estimator: nn.Module, head_only: bool) -> None:
        head = getattr(estimator, 'head', None)
        whole = all(hasattr(head, name) for name in _HEAD)
        if not isinstance(estimator, HMREstimator) or not whole:
            raise InputError(
                'config',
                'model.estimator',
                f'{type(estimator).__name__} has no regressor of HMR, whose '
                'first layer ISO shares',
                "use an HMREstimator with head=dict(type='mmhuman3d.HMRHead')",
            )
        self.estimator = estimator
        self.head_only = head_only

    @property
    def size(self) -> int:
        """Shared features D."""
        return int(self._head.fc1.out_features)

    @property
    def _head(self) -> Any:
        return self.estimator.head

    @property
    def _columns(self) -> int:
        """Inputs of the first layer that come from the image."""
        head = self._head
        parts = (head.init_pose, head.init_shape, head.init_cam)
        of_body = sum(int(part.shape[1]) for part in parts)
        return int(head.fc1.in_features) - of_body

    def freeze_rest(self) -> None:
        """Freeze what only the body's head uses.

        Of the first layer the part that reads the body's parameters has no
        gradient from the shared features anyway.
        """
        for name, value in self.estimator.named_parameters():
            if name.startswith('head.') and not name.startswith(_SHARED):
                value.requires_grad_(False)

    def shared(self, inputs: Tensor) -> Tensor:
        """Shared features.

        Args:
            inputs: Rows of ``Session.inputs`` ``[B, ...]``.

        Returns:
            ``[B, D]``.
        """
        features = inputs.float()
        if not self.head_only:
            features = self.estimator.extract_features(inputs).float()
        if self.estimator.neck is not None:
            features = self.estimator.neck.mix(features)
        fc1 = self._head.fc1
        return F.linear(features, fc1.weight[:, : self._columns], fc1.bias)

    def bodies(self, shared: Tensor) -> MeshPrediction:
        """Bodies from shared features, without dropout.

        Args:
            shared: ``[B, D]``.

        Returns:
            What the estimator predicts in eval mode.
        """
        head = self._head
        parts = (head.init_pose, head.init_shape, head.init_cam)
        sizes = [part.shape[1] for part in parts]
        state = torch.cat(parts, dim=1).expand(len(shared), -1)
        for _ in range(self.estimator.n_iter):
            of_state = F.linear(state, head.fc1.weight[:, self._columns :])
            hidden = head.fc2(shared + of_state)
            layers = (head.decpose, head.decshape, head.deccam)
            state = state + torch.cat([f(hidden) for f in layers], dim=1)
        pose, betas, camera = state.split(sizes, dim=1)
        matrix = rot6d_to_matrix(pose.view(-1, NUM_JOINTS, 6), 'interleave')
        return MeshPrediction(SMPLParams.from_pose(matrix, betas), camera)
