"""What labels know about hidden joints: a bound without any network.

For a window whose rotations of some joints are hidden, the ``k`` nearest
windows of a motion library, by the rotations of the observed joints, give
the hidden ones: their weighted mean, and its variance. Only windows of the
right label, of all labels, or of a wrong label are allowed. The root is
neither compared nor measured.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from ..evaluation.functional.bootstrap import paired_bootstrap
from ..geometry import project_to_rotation, rotation_angle
from ..models.denoisers.hide import group_joints
from .align_diagnosis import other_label
from .retrieval import macro_mean
from .retrieval_library import MotionLibrary

PATTERNS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        'legs': ('hip', 'knee', 'ankle', 'foot'),
        'lower legs': ('knee', 'ankle', 'foot'),
        'left leg': ('left_hip', 'left_knee', 'left_ankle', 'left_foot'),
        'arms': ('shoulder', 'elbow', 'wrist', 'hand'),
    }
)
"""Missing pattern to words in the names of its hidden joints."""

POOLS = ('right label', 'any label', 'wrong label')
_STEP = 4
"""Frames from one that is compared to the next."""


@dataclass(frozen=True)
class Guess:
    """Hidden rotations of some windows.

    Attributes:
        pose: Weighted means ``[B, T, J, 3, 3]``.
        spread: RMS angle of the neighbours to it ``[B]``, degrees.
    """

    pose: Tensor
    spread: Tensor


def nearest(
    queries: Tensor, features: Tensor, allowed: Tensor, count: int
) -> tuple[Tensor, Tensor]:
    """Nearest rows of a library.

    Args:
        queries: ``[B, F]``.
        features: ``[M, F]``.
        allowed: Rows that a query may find ``[B, M]``, bool.
        count: k; at most as many rows as are allowed.

    Returns:
        Squared distances ``[B, k]``, infinite where fewer rows are allowed,
        and numbers of rows ``[B, k]``.
    """
    square = features.square().sum(1) - 2 * queries @ features.T
    square = square + queries.square().sum(1, keepdim=True)
    square = square.clamp(min=0).masked_fill(~allowed, torch.inf)
    found = square.topk(min(count, len(features)), dim=1, largest=False)
    return found.values, found.indices


def neighbour_weights(square: Tensor) -> Tensor:
    """Weights of neighbours by distance.

    A Gaussian whose squared width is the mean squared distance of the
    neighbours.

    Args:
        square: Squared distances ``[B, k]``, infinite for none.

    Returns:
        ``[B, k]``, rows sum to 1.
    """
    there = square.isfinite()
    total = square.masked_fill(~there, 0).sum(1, keepdim=True)
    mean = total / there.sum(1, keepdim=True).clamp(min=1)
    weight = torch.exp(-square / (2 * mean.clamp(min=1e-9)))
    return weight / weight.sum(1, keepdim=True).clamp(min=1e-9)


def weighted_guess(pose: Tensor, weight: Tensor) -> Guess:
    """Weighted mean and spread of rotations.

    Args:
        pose: Rotations of neighbours ``[B, k, T, J, 3, 3]``.
        weight: ``[B, k]``, rows sum to 1.
    """
    mean = project_to_rotation(torch.einsum('bk,bk...->b...', weight, pose))
    angle = rotation_angle(pose, mean[:, None].expand_as(pose)).rad2deg()
    square = angle.square().mean((2, 3))
    return Guess(mean, (weight * square).sum(1).sqrt())


@dataclass(frozen=True)
class RetrievalBound:
    """Held-out windows, to be completed from a library.

    Attributes:
        library: Windows of training motions.
        truth: Held-out windows ``[N, T, 24, 3, 3]``.
        label: Their labels ``[N]``; each is in the library.
        count: Neighbours, k.
    """

    library: MotionLibrary
    truth: Tensor
    label: Tensor
    count: int = 16

    def pattern(self, words: Sequence[str]) -> dict[str, dict[str, Tensor]]:
        """Errors for one missing pattern.

        Args:
            words: Words in the names of the hidden joints.

        Returns:
            Row to ``error`` ``[N]``, the mean angle of the hidden joints to
            the truth, and ``spread`` ``[N]``, both in degrees; the spread of
            a constant is NaN.
        """
        hidden = group_joints(tuple(words))
        observed = ~hidden
        observed[0] = False
        everything = torch.arange(len(self.library))
        features = self.library.windows(everything, _STEP)[:, :, observed]
        queries = self.truth[:, ::_STEP, observed].flatten(1)
        flat = features.flatten(1)
        out = {pool: self._from(pool, queries, flat, hidden) for pool in POOLS}
        return out | self._constants(hidden)

    def _from(
        self, pool: str, queries: Tensor, features: Tensor, hidden: Tensor
    ) -> dict[str, Tensor]:
        allowed = self.allowed(pool)
        square, rows = nearest(queries, features, allowed, self.count)
        weight = neighbour_weights(square)
        errors, spreads = [], []
        for i in range(len(rows)):
            pose = self.library.windows(rows[i])[None, :, :, hidden]
            guess = weighted_guess(pose, weight[i : i + 1])
            truth = self.truth[i : i + 1, :, hidden]
            errors.append(mean_angle(guess.pose, truth))
            spreads.append(guess.spread)
        return {'error': torch.cat(errors), 'spread': torch.cat(spreads)}

    def allowed(self, pool: str) -> Tensor:
        """Library windows that each held-out window may find ``[N, M]``.

        Args:
            pool: In :data:`POOLS`.
        """
        if pool == 'any label':
            shape = len(self.label), len(self.library)
            return torch.ones(shape, dtype=torch.bool)
        wanted = self.label
        if pool == 'wrong label':
            wanted = self.other_known()
        return wanted[:, None] == self.library.label

    def other_known(self) -> Tensor:
        """A wrong label with motion for each window ``[N]``."""
        known = self.library.label.unique()
        row = torch.searchsorted(known, self.label)
        return known[other_label(row, len(known))]

    def _constants(self, hidden: Tensor) -> dict[str, dict[str, Tensor]]:
        """Poses that do not move: of all labels, of the label, the own."""
        truth = self.truth[:, :, hidden]
        by_label = {
            row: self._mean_pose(self.library.label == row, hidden)
            for row in self.label.unique().tolist()
        }
        whole = torch.stack(
            [
                self._mean_pose(self.library.label == row, hidden)
                for row in self.library.label.unique().tolist()
            ]
        )
        mean = project_to_rotation(whole.mean(0))
        own = torch.stack([by_label[row] for row in self.label.tolist()])
        guesses = {
            'mean pose of all labels': mean[None, None],
            'mean pose of the label': own[:, None],
            'own mean pose': project_to_rotation(truth.mean(1, keepdim=True)),
        }
        nothing = torch.full((len(truth),), torch.nan)
        return {
            name: {
                'error': mean_angle(pose.expand_as(truth), truth),
                'spread': nothing,
            }
            for name, pose in guesses.items()
        }

    def _mean_pose(self, chosen: Tensor, hidden: Tensor) -> Tensor:
        """Mean rotations of some windows' hidden joints ``[J, 3, 3]``."""
        rows = chosen.nonzero()[:, 0]
        rows = rows[:: max(1, len(rows) // 64)]
        pose = self.library.windows(rows, _STEP)[:, :, hidden]
        return project_to_rotation(pose.mean((0, 1)))


def mean_angle(pose: Tensor, truth: Tensor) -> Tensor:
    """Mean angle over frames and joints ``[B]``, degrees.

    Args:
        pose: ``[B, T, J, 3, 3]``.
        truth: The same shape.
    """
    return rotation_angle(pose, truth).rad2deg().mean((1, 2))


def summary(
    found: Mapping[str, Mapping[str, Tensor]], label: Tensor, seed: int = 0
) -> dict[str, Any]:
    """Means over labels, and differences to the right label.

    Args:
        found: Of :meth:`RetrievalBound.pattern`.
        label: Labels ``[N]``.
        seed: Of the bootstrap.

    Returns:
        Row to ``error`` and ``spread`` (degrees, None for a constant) and
        ``minus_right``: paired difference of the error to the right label's
        with a 95 % interval over windows, labels weighted equally.
    """
    right = found[POOLS[0]]['error']
    weight = 1 / label.bincount()[label]
    out: dict[str, Any] = {}
    for name, values in found.items():
        gap = values['error'] - right
        moving = not bool(values['spread'].isnan().any())
        out[name] = {
            'error': macro_mean(values['error'], label),
            'spread': macro_mean(values['spread'], label) if moving else None,
            'minus_right': None
            if name == POOLS[0] or len(label) < 2
            else paired_bootstrap(gap, seed, weight=weight)._asdict(),
        }
    return out
