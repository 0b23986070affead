"""Whether the alignment loss moves a wrong motion towards the true one."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from ..evaluation.functional.bootstrap import paired_bootstrap
from ..geometry.resampling import MOTION_RATE
from ..models.adaptors.alignment import text_cosines, text_similarity
from ..models.losses import CalibratedAlignLoss
from ..models.motion_text import MotionCLIP, MotionDictionary
from ..models.motion_text.degrade import change
from .align_measures import Measures, measure, towards
from .align_perturbed import SHIFT, perturb
from .align_search import SearchOptions, search
from .motion_text import CLEAR_CHANGE
from .motion_windows import ActionWindows
from .retrieval import macro_mean

STAGES = ('before', 'right', 'wrong')

CLEARLY = 0.1
"""Degrees or mm by which an error has to fall to count as better."""


@dataclass(frozen=True)
class Case:
    """One kind of error and the windows that it changes clearly.

    Attributes:
        label: Right labels ``[N]``.
        measures: Of the truth (``true``) and of :data:`STAGES`: before,
            after the alignment to the right label, and to a wrong one.
        similarity: ``[N]``: ``true`` and ``before`` with the right label,
            ``right`` after the alignment to it; ``wrong_before`` and ``wrong``
            with the wrong label.
        towards: Cosine of the change with the required change ``[N]``,
            ``right`` and ``wrong``.
    """

    label: Tensor
    measures: dict[str, Measures]
    similarity: dict[str, Tensor]
    towards: dict[str, Tensor]


@dataclass(frozen=True)
class Diagnosis:
    """A diagnosis of one motion-text model.

    Attributes:
        model: The frozen encoder.
        words: Its dictionary.
        windows: True motions, :data:`SHIFT` frames longer than the model's.
        perturbed: Joints that get an error ``[24]`` bool.
        free: Joints that may move ``[24]`` bool.
        options: Of the search; free joints that are not perturbed are
            observed.
        seed: Seed of the jitter.
        calibrated: Loss that is minimised instead of ``1 - cosine``; its
            weight is not used.
    """

    model: MotionCLIP
    words: MotionDictionary
    windows: ActionWindows
    perturbed: Tensor
    free: Tensor
    options: SearchOptions
    seed: int = 0
    calibrated: CalibratedAlignLoss | None = None

    def case(self, name: str) -> Case:
        """Add one kind of error and align the motions to two labels.

        Args:
            name: In :data:`~.align_perturbed.PERTURBED`.
        """
        pose, mask = self.windows.pose, self.windows.mask
        wrong = perturb(name, pose, mask, self.perturbed, self.seed)
        frames = pose.shape[1] - SHIFT
        truth, start, mask = (x[:, :frames] for x in (pose, wrong, mask))
        clear = change(truth, start, mask) >= CLEAR_CHANGE
        if name == 'nothing':
            clear = torch.ones_like(clear)
        label = self.windows.label[clear]
        labels = {'right': label, 'wrong': other_label(label, len(self.words))}
        return self._case(truth[clear], start[clear], mask[clear], labels)

    def _case(
        self, truth: Tensor, start: Tensor, mask: Tensor, labels: dict
    ) -> Case:
        score = {
            word: partial(self._similarity, mask=mask, label=label)
            for word, label in labels.items()
        }
        found = {'true': truth, 'before': start}
        for word, label in labels.items():
            function = score[word]
            if self.calibrated is not None:
                function = partial(self._calibrated, mask=mask, label=label)
            found[word] = search(
                function, start, mask, self.free, self.options, ~self.perturbed
            )
        with torch.no_grad():
            similarity = {
                'true': score['right'](truth),
                'before': score['right'](start),
                'right': score['right'](found['right']),
                'wrong_before': score['wrong'](start),
                'wrong': score['wrong'](found['wrong']),
            }
        return Case(
            labels['right'],
            {
                k: measure(v, truth, mask, self.perturbed)
                for k, v in found.items()
            },
            similarity,
            {word: towards(start, found[word], truth) for word in labels},
        )

    def _similarity(self, pose: Tensor, mask: Tensor, label: Tensor) -> Tensor:
        if not len(pose):
            return pose.new_zeros(
                0
            )  # attention needs a batch that is not empty
        return text_similarity(
            self.model, self.words, pose, mask, label, MOTION_RATE
        )

    def _calibrated(self, pose: Tensor, mask: Tensor, label: Tensor) -> Tensor:
        """One less the calibrated gap of each window ``[N]``."""
        assert self.calibrated is not None
        if not len(pose):
            return pose.new_zeros(0)
        cosines = text_cosines(
            self.model, self.words, pose, mask, label, MOTION_RATE
        )
        return 1 - self.calibrated.gaps(cosines, label)


def summary(case: Case, seed: int = 0) -> dict[str, Any]:
    """Means over labels, and paired differences of errors with intervals.

    Args:
        case: The windows.
        seed: Seed of the bootstrap.

    Returns:
        Values are None without windows, or with too few for an interval.
    """
    mean = partial(macro_mean, label=case.label)
    out: dict[str, Any] = {
        'windows': len(case.label),
        'labels': len(case.label.unique()),
        'similarity': {k: mean(v) for k, v in case.similarity.items()},
        'towards': {k: mean(v) for k, v in case.towards.items()},
    }
    for name in Measures.__dataclass_fields__:
        values = {k: getattr(v, name) for k, v in case.measures.items()}
        out[name] = {stage: mean(value) for stage, value in values.items()}
        if name != 'spread_mm':  # not an error: the smallest is not the best
            out[name] |= _differences(values, case.label, seed)
    return out


def _differences(
    values: dict[str, Tensor], label: Tensor, seed: int
) -> dict[str, Any]:
    before, right, wrong = (values[stage] for stage in STAGES)
    pairs = {
        'right_minus_before': right - before,
        'wrong_minus_before': wrong - before,
        'right_minus_wrong': right - wrong,
    }
    out: dict[str, Any] = {
        'improved_right': macro_mean(right < before - CLEARLY, label),
        'improved_wrong': macro_mean(wrong < before - CLEARLY, label),
    }
    weight = 1 / label.bincount()[label]
    for key, difference in pairs.items():
        out[key] = None
        if len(label) > 1:
            found = paired_bootstrap(difference, seed, weight=weight)
            out[key] = found._asdict()
    return out


def other_label(label: Tensor, labels: int) -> Tensor:
    """A wrong row ``[N]``: offset by half of the sorted dictionary."""
    return (label + labels // 2) % labels
