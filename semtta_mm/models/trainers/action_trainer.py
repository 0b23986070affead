"""Training of the action classifier with mmengine's Runner."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.model import BaseModel
from torch import Tensor
from torch.nn.functional import cross_entropy

from ...conventions import NUM_BETAS
from ...registry import MODELS
from ...structures import SMPLParams
from ...utils import InputError
from ..denoisers.hide import perturb_rotations
from ..motion_text import read_dictionary


@MODELS.register_module()
class ActionClassifierTrainer(BaseModel):
    """Trains a classifier on the joints of perturbed, labelled motions.

    A batch contains ``pose`` ``[B, T, 24, 3, 3]``, ``mask`` ``[B, T]`` and
    ``label`` ``[B]``, as from
    :class:`~semtta_mm.training_data.ActionWindowDataset`. Every window moves
    a body of a random shape. Most windows get errors like those of a mesh
    estimator: rotations, also of the root, that are wrong constantly, slowly
    changing, and in single frames.

    Args:
        classifier: Config of the network.
        body: Config of the body that moves.
        dictionary: Whose rows ``label`` counts, or ``'open'``.
        clean: Fraction of windows without errors.
        noise: Largest ``constant``, ``slow`` and ``fast`` errors, see
            :func:`~semtta_mm.models.denoisers.hide.perturb_rotations`.
        smoothing: Label smoothing.
        bfloat16: Run the network with autocast.
        **kwargs: See :class:`mmengine.model.BaseModel`.

    Raises:
        InputError: If the classifier lacks a label of the dictionary.
    """

    rows: Tensor

    def __init__(
        self,
        classifier: dict,
        body: dict,
        dictionary: str = 'open',
        clean: float = 0.25,
        noise: tuple[float, float, float] = (9.0, 9.0, 6.0),
        smoothing: float = 0.05,
        bfloat16: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.classifier = MODELS.build(classifier)
        self.body = MODELS.build(body)
        rows = _outputs(dictionary, self.classifier.labels)
        # From the dictionary, so not stored in a checkpoint.
        self.register_buffer('rows', rows, persistent=False)
        self.clean, self.noise = clean, noise
        self.smoothing, self.bfloat16 = smoothing, bfloat16

    def forward(
        self, pose: Tensor, mask: Tensor, label: Tensor, mode: str = 'tensor'
    ) -> Tensor | dict[str, Tensor] | list[dict[str, Tensor]]:
        """Mmengine's entry.

        Args:
            pose: True rotation matrices ``[B, T, 24, 3, 3]``.
            mask: Valid frames ``[B, T]``, bool.
            label: Rows of the dictionary ``[B]``.
            mode: ``'tensor'``, ``'loss'`` or ``'predict'``.

        Returns:
            Logits of the true motions ``[B, L]``, the loss, or samples for
            ``ActionMetric``.
        """
        label = self.rows[label]
        if mode == 'tensor':
            return self._logits(pose, mask)
        if mode == 'loss':
            logits = self._logits(self._perturbed(pose), mask, 1.0)
            loss = cross_entropy(logits, label, label_smoothing=self.smoothing)
            return {'loss_action': loss}
        values = {
            'true': self._logits(pose, mask),
            'perturbed': self._logits(_with_errors(pose, self.noise), mask),
            'label': label,
        }
        return [{k: v[i] for k, v in values.items()} for i in range(len(pose))]

    def _perturbed(self, pose: Tensor) -> Tensor:
        """Errors in all but a fraction of the windows."""
        exact = torch.rand(len(pose), device=pose.device) < self.clean
        wrong = _with_errors(pose, self.noise)
        return torch.where(exact.view(-1, 1, 1, 1, 1), pose, wrong)

    def _logits(
        self, pose: Tensor, mask: Tensor, deviation: float = 0.0
    ) -> Tensor:
        """Classify motions of bodies whose betas have a deviation."""
        size, frames = mask.shape
        betas = deviation * torch.randn(size, NUM_BETAS, device=pose.device)
        params = SMPLParams.from_pose(
            pose.flatten(0, 1), betas.repeat_interleave(frames, dim=0)
        )
        joints = self.body.joints_only(params).unflatten(0, (size, frames))
        kind = pose.device.type
        with torch.autocast(kind, torch.bfloat16, enabled=self.bfloat16):
            out: Tensor = self.classifier(joints, mask)
        return out.float()


def _with_errors(pose: Tensor, noise: tuple[float, float, float]) -> Tensor:
    """Perturb all rotations, the root too, which the function leaves out."""
    root = pose[:, :, :1]
    turned = perturb_rotations(root.expand(-1, -1, 2, -1, -1), *noise)
    local = perturb_rotations(pose, *noise)
    return torch.cat((turned[:, :, 1:], local[:, :, 1:]), dim=2)


def _outputs(dictionary: str, labels: tuple[str, ...]) -> Tensor:
    """Output of each row of a dictionary ``[L]``."""
    words = read_dictionary(dictionary).labels
    lacking = [word for word in words if word not in labels]
    if lacking:
        raise InputError(
            'classifier',
            'labels',
            f'lack {lacking} of the dictionary {dictionary}',
            "give the dictionary's labels",
        )
    return torch.tensor([labels.index(word) for word in words])
