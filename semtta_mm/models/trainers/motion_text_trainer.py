"""Training of the motion-text model with mmengine's Runner."""

from __future__ import annotations

from typing import Any

import torch
from mmengine.model import BaseModel
from torch import Tensor

from ...registry import MODELS
from ..motion_text import cosine, read_dictionary
from ..motion_text import degrade as d
from ..motion_text.adversary import adversarial_versions
from .motion_text_losses import (
    label_loss,
    motion_loss,
    pull_loss,
    rank_loss,
    right_scores,
)

_PARTS = ('body', 'legs', 'arms')
_TIME_MARGIN = {'shuffle': 1.0, 'jitter': 1.0, 'slow': 0.6, 'stop': 0.6}


@MODELS.register_module()
class MotionTextTrainer(BaseModel):
    """Trains a motion encoder with the frozen text vectors of a dictionary.

    A batch contains ``pose`` ``[B, T, 24, 3, 3]``, ``mask`` ``[B, T]`` and
    ``label`` ``[B]``, as from
    :class:`~semtta_mm.training_data.ActionWindowDataset`.

    The root of a sample is the recorded one, that of its label's exemplar (as
    at test time), or that of another label's exemplar. Without the last the
    encoder could classify by the root only, and any motion with the
    exemplar's root would get a high score.

    Every sample is ranked against degraded versions of itself: true over
    damped over damped more or frozen (whole body, legs or arms), and true
    over shuffled, jittered, slowed, stopped or over-smoothed.

    With an ``adversary`` half of the degraded versions are perturbed to raise
    their score, and half of the true ones to lower it a little, see
    :func:`~semtta_mm.models.motion_text.adversary.adversarial_versions`. Some
    are exaggerated instead of damped.

    Args:
        motion_text: Config of the encoder; it is built unfrozen.
        dictionary: File of the dictionary, or ``'open'``.
        temperature: Temperature of both contrastive losses.
        margins: Cosine margins: ``damped`` below true, ``frozen`` below
            damped, ``time`` below true.
        weights: Weight of each loss; others keep their default.
        own_root: Fraction of samples with the root of their label's
            exemplar.
        other_root: Fraction with that of another label's exemplar.
        bfloat16: Run the encoder with autocast.
        adversary: Largest perturbations ``wrong`` and ``true`` of the
            versions, degrees, and ``exaggerated``, the fraction of such
            versions; others keep their default. None disables both.
        ranked: Samples of a batch that are ranked against degraded versions;
            None ranks all. Fewer leave time for more samples.
        **kwargs: See :class:`mmengine.model.BaseModel`.
    """

    WEIGHTS = {
        'label': 1.0,
        'motion': 0.5,
        'pull': 1.0,
        'damped': 4.0,
        'frozen': 4.0,
        'time': 4.0,
    }
    MARGINS = {'damped': 0.1, 'frozen': 0.25, 'time': 0.35}
    ADVERSARY = {'wrong': 8.0, 'true': 3.0, 'exaggerated': 0.33}

    def __init__(
        self,
        motion_text: dict,
        dictionary: str = 'open',
        temperature: float = 0.1,
        margins: dict[str, float] | None = None,
        weights: dict[str, float] | None = None,
        own_root: float = 0.4,
        other_root: float = 0.3,
        bfloat16: bool = False,
        adversary: dict[str, float] | None = None,
        ranked: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        for given, known in (
            (weights, self.WEIGHTS),
            (margins, self.MARGINS),
            (adversary, self.ADVERSARY),
        ):
            unknown = set(given or ()) - set(known)
            if unknown:
                raise ValueError(
                    f'unknown {sorted(unknown)}; known: {list(known)}'
                )
        self.motion_text = MODELS.build(motion_text | {'frozen': False})
        rows = read_dictionary(dictionary)
        # From the dictionary, so not stored in a checkpoint.
        self.register_buffer('text', rows.embedding, persistent=False)
        self.register_buffer('root', rows.root, persistent=False)
        self.temperature = temperature
        self.weights = self.WEIGHTS | (weights or {})
        self.margins = self.MARGINS | (margins or {})
        self.own_root, self.other_root = own_root, other_root
        self.bfloat16, self.ranked = bfloat16, ranked
        self.adversary = (
            None if adversary is None else self.ADVERSARY | adversary
        )

    def forward(
        self, pose: Tensor, mask: Tensor, label: Tensor, mode: str = 'tensor'
    ) -> Tensor | dict[str, Tensor]:
        """Mmengine's entry.

        Args:
            pose: Rotation matrices ``[B, T, 24, 3, 3]``.
            mask: Valid frames ``[B, T]``, bool.
            label: Rows of the dictionary ``[B]``.
            mode: ``'tensor'`` or ``'loss'``.

        Returns:
            Cosines with all labels ``[B, L]``, or the losses.
        """
        if mode == 'tensor':
            return self.scores(pose, mask)
        return self.loss(pose, mask, label)

    def scores(self, pose: Tensor, mask: Tensor) -> Tensor:
        """Cosines ``[B, L]`` of motions with all labels."""
        device = pose.device.type
        with torch.autocast(device, torch.bfloat16, enabled=self.bfloat16):
            out = self.motion_text(pose, mask)
        return cosine(out.float(), self.text)

    def loss(
        self, pose: Tensor, mask: Tensor, label: Tensor
    ) -> dict[str, Tensor]:
        """Weighted losses, ``loss_*``."""
        count = len(label)
        ranked = count if self.ranked is None else min(self.ranked, count)
        with torch.no_grad():
            whole = self.vary(self.set_roots(pose, label), mask)
            true, *worse, changes = self.degraded(
                whole[:ranked], mask[:ranked], label[:ranked]
            )
        joint = torch.cat((true, whole[ranked:], *worse))
        masks = torch.cat((mask, mask[:ranked].repeat(3, 1)))
        scores = self.scores(joint, masks)
        first = scores[:count]
        s_all = right_scores(first, label)
        s_true = s_all[:ranked]
        s_damped, s_frozen, s_late = right_scores(
            scores[count:], label[:ranked].repeat(3)
        ).chunk(3)
        scale = changes.pop()
        m, heat = self.margins, self.temperature
        losses = {
            'label': label_loss(first, label, heat),
            'motion': motion_loss(first, label, heat),
            'pull': pull_loss(s_all),
            'damped': rank_loss(s_true, s_damped, m['damped'], changes[0]),
            'frozen': rank_loss(s_damped, s_frozen, m['frozen'], changes[1]),
            'time': rank_loss(s_true, s_late, m['time'] * scale, changes[2]),
        }
        return {f'loss_{k}': self.weights[k] * v for k, v in losses.items()}

    def degraded(
        self, true: Tensor, mask: Tensor, label: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor, list[Tensor]]:
        """Motions and their degraded versions.

        Args:
            true: Rotation matrices ``[B, T, 24, 3, 3]``.
            mask: Valid frames ``[B, T]``, bool.
            label: Rows of the dictionary ``[B]``.

        Returns:
            The true, damped, frozen and wrongly timed motions; and a list:
            the changes true to damped, damped to frozen, true to wrongly
            timed ``[B]``, degrees, and factors of the margins of timing.
        """
        damped, frozen = self.damped_pair(true, mask)
        late, scale = self.wrong_in_time(true, mask)
        if self.adversary is not None:
            true, damped, frozen, late = adversarial_versions(
                lambda moved, masks, labels: right_scores(
                    self.scores(moved, masks), labels
                ),
                (true, damped, frozen, late),
                mask,
                label,
                (self.adversary['true'], self.adversary['wrong']),
            )
        pairs = ((true, damped), (damped, frozen), (true, late))
        changes = [d.change(a, b, mask) for a, b in pairs]
        return true, damped, frozen, late, [*changes, scale]

    def set_roots(self, pose: Tensor, label: Tensor) -> Tensor:
        """Give a fraction of the samples the root of an exemplar."""
        draw = torch.rand(len(label), device=pose.device)
        other = torch.randint(len(self.text), label.shape, device=pose.device)
        row = torch.where(draw < self.own_root, label, other)
        swapped = pose.clone()
        swapped[:, :, 0] = self.root[row, : pose.shape[1]]
        chosen = draw < self.own_root + self.other_root
        return torch.where(chosen.view(-1, 1, 1, 1, 1), swapped, pose)

    def vary(self, pose: Tensor, mask: Tensor) -> Tensor:
        """Scale the amplitude by up to a tenth, and add little noise."""
        body = d.body_part('body').to(pose.device)
        ones = torch.ones(len(pose), device=pose.device)
        pose = d.damp(pose, mask, ones.uniform_(0.9, 1.1), body)
        return d.jitter(pose, torch.rand_like(ones) * 1.5)

    def damped_pair(self, pose: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        """Body parts damped to 0.5-0.8, and the same to 0-0.4 (often 0).

        With an adversary some are exaggerated by 1.4-1.7 instead.
        """
        size = len(pose)
        parts = torch.stack([d.body_part(name) for name in _PARTS])
        joints = parts[torch.randint(len(_PARTS), (size,))].to(pose.device)
        factor = torch.empty(2, size, device=pose.device)
        factor[0].uniform_(0.5, 0.8)
        if self.adversary is not None:
            more = torch.rand(size, device=pose.device)
            more = more < self.adversary['exaggerated']
            factor[0] = torch.where(more, 2.2 - factor[0], factor[0])
        factor[1].uniform_(-0.4, 0.4).clamp_(min=0)
        return (
            d.damp(pose, mask, factor[0], joints),
            d.damp(pose, mask, factor[1], joints),
        )

    def wrong_in_time(
        self, pose: Tensor, mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Degrade the timing, each way for a fifth of the batch.

        Returns:
            The motions, and factors ``[B]`` of their margins.
        """
        out, scale = pose.clone(), torch.ones(len(pose), device=pose.device)
        order = torch.randperm(len(pose), device=pose.device)
        for name, rows in zip(
            (*_TIME_MARGIN, 'smooth'), order.chunk(5), strict=False
        ):
            out[rows] = _degrade(name, pose[rows], mask[rows])
            scale[rows] = _TIME_MARGIN.get(name, 0.6)
        return out, scale


def _degrade(name: str, pose: Tensor, mask: Tensor) -> Tensor:
    """Degrade the timing in one way, with a random strength."""
    draw = torch.rand(len(pose), device=pose.device)
    if name == 'shuffle':
        return d.shuffle(pose, mask)
    if name == 'jitter':
        return d.jitter(pose, 6 + 9 * draw)
    if name == 'slow':
        return d.slow(pose, 2 + draw)
    if name == 'stop':
        frames = mask.sum(1)
        return d.stop(pose, (frames * (0.15 + 0.35 * draw)).long())
    return d.smooth(pose, mask, 15 + 2 * int(8 * draw[0]))
