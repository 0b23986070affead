"""Separation of motions by a motion-text model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor, nn

from ..evaluation.functional.ranks import right_rank
from ..models.motion_text import MotionCLIP, MotionDictionary, cosine
from ..models.motion_text import degrade as d
from .motion_windows import ActionWindows
from .retrieval import above_others, best_wrong, macro_mean

CLEAR_CHANGE = 5.0
"""Degrees: a degraded motion is used if its most changed joints rotate by at
least this on average. Freezing the legs of a standing person is no change."""

_BATCH = 64
Degrade = Callable[[Tensor, Tensor], Tensor]


def _damp(pose: Tensor, mask: Tensor, part: str, factor: float) -> Tensor:
    factors = torch.full((len(pose),), factor)
    return d.damp(pose, mask, factors, d.body_part(part))


def _slow(pose: Tensor, mask: Tensor) -> Tensor:
    return d.slow(pose, torch.full((len(pose),), 2.5))


def _stop(pose: Tensor, mask: Tensor) -> Tensor:
    return d.stop(pose, (mask.sum(1) * 0.3).long())


def _jitter(pose: Tensor, mask: Tensor, degrees: float) -> Tensor:
    return d.jitter(pose, degrees)


DEGRADED: Mapping[str, Degrade] = MappingProxyType(
    {
        'frozen legs': partial(_damp, part='legs', factor=0.0),
        'frozen arms': partial(_damp, part='arms', factor=0.0),
        'frozen body': partial(_damp, part='body', factor=0.0),
        'damped to 0.4': partial(_damp, part='body', factor=0.4),
        'damped to 0.7': partial(_damp, part='body', factor=0.7),
        'shuffled': d.shuffle,
        'jittered 10 deg': partial(_jitter, degrees=10.0),
        'slowed 2.5 x': _slow,
        'stopped at 30 %': _stop,
        'smoothed 0.7 s': partial(d.smooth, width=21),
    }
)
"""Degradations, by name."""


@torch.no_grad()
def embed(model: nn.Module, pose: Tensor, mask: Tensor) -> Tensor:
    """Embeddings ``[N, D]`` of windows, in batches."""
    parts = zip(pose.split(_BATCH), mask.split(_BATCH), strict=True)
    return torch.cat([model(a, b) for a, b in parts])


def own_root_scores(
    model: MotionCLIP, words: MotionDictionary, windows: ActionWindows
) -> Tensor:
    """Cosines ``[N, L]``, each motion with its own root."""
    embedding = embed(model, windows.pose, windows.mask)
    return cosine(embedding, words.embedding)


def swapped_scores(
    model: MotionCLIP, words: MotionDictionary, windows: ActionWindows
) -> Tensor:
    """Cosines ``[N, L]``; for each text, the root of its exemplar."""
    columns = []
    for row in range(len(words)):
        rows = torch.full_like(windows.label, row)
        pose = with_roots(windows.pose, words, rows)
        embedding = embed(model, pose, windows.mask)
        columns.append(cosine(embedding, words.embedding[row : row + 1]))
    return torch.cat(columns, 1)


def with_roots(pose: Tensor, words: MotionDictionary, rows: Tensor) -> Tensor:
    """Windows ``[N, T, 24, 3, 3]`` under the roots of exemplars ``[N]``."""
    out = pose.clone()
    out[:, :, 0] = words.root[rows, : pose.shape[1]]
    return out


def degraded_scores(
    model: MotionCLIP,
    words: MotionDictionary,
    windows: ActionWindows,
    seed: int = 0,
) -> dict[str, tuple[Tensor, Tensor]]:
    """Right-label cosines of degraded motions under the exemplar's root.

    Args:
        model: The encoder.
        words: The dictionary.
        windows: True motions.
        seed: Seed of shuffling and jitter.

    Returns:
        Name to cosines ``[N]`` and the change of each motion ``[N]``,
        degrees.
    """
    pose = with_roots(windows.pose, words, windows.label)
    text = torch.nn.functional.normalize(words.embedding, dim=-1)
    text = text[windows.label]
    out = {}
    with torch.random.fork_rng([]):
        torch.manual_seed(seed)
        for name, degrade in DEGRADED.items():
            wrong = degrade(pose, windows.mask)
            embedding = embed(model, wrong, windows.mask)
            score = torch.cosine_similarity(embedding, text)
            out[name] = score, d.change(pose, wrong, windows.mask)
    return out


@dataclass(frozen=True)
class MotionTextScores:
    """Scores of one set of windows.

    Attributes:
        windows: The motions.
        own: Cosines with their own roots ``[N, L]``.
        swapped: Cosines with exemplars' roots ``[N, L]``.
        degraded: From :func:`degraded_scores`.
    """

    windows: ActionWindows
    own: Tensor
    swapped: Tensor
    degraded: dict[str, tuple[Tensor, Tensor]]

    @classmethod
    def of(
        cls,
        model: MotionCLIP,
        words: MotionDictionary,
        windows: ActionWindows,
    ) -> MotionTextScores:
        """Compute all scores with the model."""
        return cls(
            windows,
            own_root_scores(model, words, windows),
            swapped_scores(model, words, windows),
            degraded_scores(model, words, windows),
        )

    def summary(self, group: str | None = None) -> dict[str, Any]:
        """Scores of one group of sources, macro-averaged over labels.

        Args:
            group: ``'cmu'``, ``'open'`` or None for both together.
        """
        rows = self.windows.rows(group)
        label = self.windows.label[rows]
        own, swapped = self.own[rows], self.swapped[rows]
        true = torch.gather(swapped, 1, label[:, None])[:, 0]
        rates = {}
        for name, (score, change) in self.degraded.items():
            clear = change[rows] >= CLEAR_CHANGE
            higher = true > score[rows]
            rates[name] = {
                'rate': macro_mean(higher[clear], label[clear]),
                'windows': int(clear.sum()),
                'cosine': macro_mean(score[rows][clear], label[clear]),
            }
        other = above_others(self.swapped, self.windows.label)[rows]
        rates['mislabelled'] = {
            'rate': macro_mean(other, label),
            'windows': len(label),
            'cosine': None,
        }
        return {
            'windows': len(label),
            'labels': len(label.unique()),
            'own_root': _retrieval(own, label),
            'exemplar_root': _retrieval(swapped, label),
            'true_above': rates,
        }

    def by_label(self, labels: tuple[str, ...]) -> dict[str, Any]:
        """Each label's windows, cosine with it, and predicted labels."""
        out = {}
        best = self.swapped.argmax(1)
        for row in self.windows.label.unique().tolist():
            own = self.windows.label == row
            taken = [labels[i] for i in best[own].tolist()]
            out[labels[row]] = {
                'windows': int(own.sum()),
                'cosine_right': float(self.swapped[own, row].mean()),
                'taken_for': {name: taken.count(name) for name in taken},
            }
        return out


def _retrieval(scores: Tensor, label: Tensor) -> dict[str, float | None]:
    rank = right_rank(scores, label)
    right = torch.gather(scores, 1, label[:, None])[:, 0]
    return {
        'top1': macro_mean(rank < 1, label),
        'top3': macro_mean(rank < 3, label),
        'cosine_right': macro_mean(right, label),
        'cosine_best_wrong': macro_mean(best_wrong(scores, label), label),
    }
