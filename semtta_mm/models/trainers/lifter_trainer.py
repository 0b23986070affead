"""Training of the text-conditioned lifter with mmengine's Runner."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from mmengine.model import BaseModel
from torch import Tensor

from ...registry import MODELS
from ..bodies import SMPLBody
from ..motion_text import read_dictionary
from .lifting.losses import lifter_losses
from .lifting.missing import Pattern
from .lifting.scene import FilmedWindows, film
from .lifting.variations import replace_texts, vary_motions

WEIGHTS = {
    'root': 1.0,
    'local': 2.0,
    'joints': 4.0,
    'speed': 1.0,
    'error': 0.02,
    'betas': 0.02,
}
"""Default weight of each of :func:`.lifter_losses`."""


@MODELS.register_module()
class LifterTrainer(BaseModel):
    """Films labelled motions by random cameras, and lifts the 2D evidence.

    A batch contains ``pose`` ``[B, T, 24, 3, 3]``, ``mask`` ``[B, T]`` and
    ``label`` ``[B]`` (-1 for none), as from
    :class:`~semtta_mm.training_data.ActionWindowDataset`. Camera, body
    shape, keypoint definition, missing keypoints and noise are drawn anew
    for every window.

    Args:
        lifter: Config of the network.
        body: Config of the body that gives the keypoints.
        dictionary: File of the dictionary, or ``'open'``.
        text_dropout: Share of windows without a text.
        estimate_share: Share of windows with an estimator's rotations.
        camera_share: Share of windows with a known camera.
        views: Cameras of each motion.
        mixed: Share of windows with the upper body of another one, without
            a text.
        turned: Share of windows with turned joints.
        wrong_text: Share of texts that are replaced by any other.
        weights: Weights of losses that differ from :data:`WEIGHTS`.
        **kwargs: See :class:`mmengine.model.BaseModel`.
    """

    text: Tensor

    def __init__(
        self,
        lifter: dict[str, Any],
        body: dict[str, Any],
        dictionary: str = 'open',
        text_dropout: float = 0.25,
        estimate_share: float = 0.5,
        camera_share: float = 0.5,
        views: int = 1,
        mixed: float = 0.0,
        turned: float = 0.0,
        wrong_text: float = 0.0,
        weights: Mapping[str, float] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.lifter = MODELS.build(lifter)
        # A tuple keeps it out of the module: EMAHook copies all buffers.
        self._body = (MODELS.build(body),)
        words = read_dictionary(dictionary)
        # From the dictionary, so not stored in a checkpoint.
        self.register_buffer('text', words.embedding, persistent=False)
        self.text_dropout, self.views = text_dropout, views
        self.estimate_share = estimate_share
        self.camera_share = camera_share
        self.mixed, self.turned = mixed, turned
        self.wrong_text = wrong_text
        self.weights = {**WEIGHTS, **(weights or {})}

    @property
    def body(self) -> SMPLBody:
        """The body that gives the keypoints, on the network's device."""
        body: SMPLBody = self._body[0].to(self.text.device)
        return body

    def forward(
        self, pose: Tensor, mask: Tensor, label: Tensor, mode: str = 'tensor'
    ) -> Any:
        """Mmengine's entry.

        Args:
            pose: True rotation matrices ``[B, T, 24, 3, 3]``, y up.
            mask: Valid frames ``[B, T]``, bool.
            label: Rows of the dictionary ``[B]``, -1 for none.
            mode: ``'tensor'``, ``'loss'`` or ``'predict'``.

        Returns:
            :class:`~semtta_mm.models.lifters.LiftedWindows`, losses, or
            samples for ``LiftMetric``.
        """
        if mode == 'loss':
            pose, mask, label = self._varied(pose, mask, label)
        filmed = film(
            self.body, pose, mask, self.estimate_share, self.camera_share
        )
        if mode == 'predict':
            return self._samples(filmed, label)
        has_text = (
            torch.rand(len(label), device=label.device) >= self.text_dropout
        )
        out = self._lift(filmed, label, has_text)
        if mode == 'tensor':
            return out
        losses = lifter_losses(
            out,
            filmed.pose,
            filmed.betas,
            filmed.evidence.valid,
            self.body.joint_template,
        )
        return {
            f'loss_{name}': self.weights[name] * loss
            for name, loss in losses.items()
        }

    def _varied(
        self, pose: Tensor, mask: Tensor, label: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """``views`` variations of every window."""
        pose, mask, label = (
            values.repeat_interleave(self.views, 0)
            for values in (pose, mask, label)
        )
        pose, mask, label = vary_motions(
            pose, mask, label, self.mixed, self.turned
        )
        return (
            pose,
            mask,
            replace_texts(label, len(self.text), self.wrong_text),
        )

    def _lift(
        self, filmed: FilmedWindows, label: Tensor, has_text: Tensor
    ) -> Any:
        text = self.text[label.clamp(min=0)]
        return self.lifter(filmed.evidence, text, has_text & (label >= 0))

    def _samples(
        self, filmed: FilmedWindows, label: Tensor
    ) -> list[dict[str, Any]]:
        """Motions lifted with the right text, another one, and none."""
        has_text = torch.ones_like(label, dtype=torch.bool)
        other = (label + len(self.text) // 2) % len(self.text)
        rows = {
            'right': self._lift(filmed, label, has_text),
            'wrong': self._lift(filmed, other, has_text),
            'none': self._lift(filmed, label, ~has_text),
        }
        rest = self.body.joint_template
        return [
            {
                **{name: out.pose[i] for name, out in rows.items()},
                'log_error': rows['right'].log_error[i],
                'truth': filmed.pose[i],
                'hidden': filmed.hidden[i],
                'valid': filmed.evidence.valid[i],
                'pattern': Pattern(int(filmed.pattern[i])).name.lower(),
                'rest_joints': rest,
            }
            for i in range(len(label))
        ]
