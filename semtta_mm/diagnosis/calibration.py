"""Computes the calibration of a motion-text model from true motions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..models.adaptors.agreement import label_rank
from ..models.losses.gravity_prior import up_in_body
from ..models.motion_text import MotionDictionary, cosine
from ..models.motion_text.calibration import (
    Calibration,
    dictionary_digest,
    encoder_digest,
    separating_threshold,
)
from .motion_text import embed, with_roots
from .motion_windows import ActionWindows

WORLD_UP = (0.0, 1.0, 0.0)
"""Up in the world of motion sets."""


@dataclass(frozen=True)
class LabelScores:
    """Windows, judged under the text of each label.

    A window has the root of the exemplar of the label under which it is
    judged, as in adaptation. NaN where it was not judged.

    Attributes:
        cosine: With that label's text ``[N, L]``.
        margin: That cosine less the best one of another text ``[N, L]``.
    """

    cosine: Tensor
    margin: Tensor

    @classmethod
    def of(
        cls,
        model: nn.Module,
        words: MotionDictionary,
        windows: ActionWindows,
        others: int = 80,
    ) -> LabelScores:
        """Compute with an encoder.

        Args:
            model: The frozen encoder.
            words: Its dictionary.
            windows: The motions.
            others: Most windows of other labels that are judged under a
                label, evenly spread.
        """
        count = len(words)
        own = torch.full((len(windows.label), count), torch.nan)
        margin = own.clone()
        whole: Tensor | None = None
        if not getattr(model, 'uses_root', True):
            whole = embed(model, windows.pose, windows.mask)
        for row in range(count):
            chosen = judged(windows.label, row, others)
            rows = torch.full_like(chosen, row)
            if whole is None:
                pose = with_roots(windows.pose[chosen], words, rows)
                embedding = embed(model, pose, windows.mask[chosen])
            else:
                embedding = whole[chosen]
            scores = cosine(embedding, words.embedding)
            own[chosen, row], margin[chosen, row], _ = label_rank(scores, rows)
        return cls(own, margin)


def judged(label: Tensor, row: int, others: int) -> Tensor:
    """Windows of a label, and some of the others, evenly spread.

    Args:
        label: Labels ``[N]``.
        row: The label.
        others: Most windows of other labels.

    Returns:
        Positions ``[M]``, ascending.
    """
    rest = (label != row).nonzero()[:, 0]
    step = max(1, -(-len(rest) // max(others, 1)))
    some = rest[row % step :: step]
    return torch.cat(((label == row).nonzero()[:, 0], some)).sort().values


def calibrate(
    model: nn.Module,
    words: MotionDictionary,
    windows: ActionWindows,
    others: int = 80,
) -> Calibration:
    """Statistics of true motions by label.

    Args:
        model: The frozen encoder.
        words: Its dictionary.
        windows: Windows of true motions.
        others: See :meth:`LabelScores.of`.
    """
    scores = LabelScores.of(model, words, windows, others)
    up, spread = up_directions(windows, len(words))
    columns = [_label(scores, windows.label, row) for row in range(len(words))]
    median, lead, least, least_lead = torch.tensor(columns).unbind(1)
    return Calibration(
        labels=words.labels,
        windows=windows.label.bincount(minlength=len(words)),
        cosine=median,
        margin=lead,
        accept_cosine=least,
        accept_margin=least_lead,
        up=up,
        up_spread=spread,
        encoder=encoder_digest(model),
        dictionary=dictionary_digest(words),
    )


def up_directions(
    windows: ActionWindows, labels: int
) -> tuple[Tensor, Tensor]:
    """Mean up direction in the body's frame, by label.

    Args:
        windows: True motions, y up.
        labels: L.

    Returns:
        Unit vectors ``[L, 3]``, and the RMS angle of the windows' own mean
        directions to them ``[L]``, degrees; NaN without windows.
    """
    by_frame = up_in_body(windows.pose[:, :, 0], torch.tensor(WORLD_UP))
    weight = windows.mask[..., None].to(by_frame)
    mean = (by_frame * weight).sum(1) / weight.sum(1)
    unit = torch.nn.functional.normalize(mean, dim=-1)
    up = torch.full((labels, 3), torch.nan)
    spread = torch.full((labels,), torch.nan)
    for row in windows.label.unique().tolist():
        own = unit[windows.label == row]
        up[row] = torch.nn.functional.normalize(own.mean(0), dim=0)
        angle = (own @ up[row]).clamp(-1, 1).acos().rad2deg()
        spread[row] = angle.square().mean().sqrt()
    return up, spread


def acceptance(
    scores: LabelScores, label: Tensor, calibration: Calibration
) -> dict[str, Tensor]:
    """Shares of windows that the thresholds accept, by label.

    Args:
        scores: Of other windows than those of the calibration.
        label: Right labels ``[N]``.
        calibration: With the thresholds.

    Returns:
        ``true``: accepted windows of the label ``[L]``; ``wrong``: accepted
        windows of all others ``[L]``; NaN without windows.
    """
    fits = scores.cosine > calibration.accept_cosine
    fits = (fits & (scores.margin > calibration.accept_margin)).float()
    own = torch.nn.functional.one_hot(label, fits.shape[1]).bool()
    seen = ~scores.cosine.isnan()
    return {
        name: (fits * chosen).sum(0) / chosen.sum(0)
        for name, chosen in (('true', own & seen), ('wrong', ~own & seen))
    }


def _label(
    scores: LabelScores, label: Tensor, row: int
) -> tuple[float, float, float, float]:
    """Medians and thresholds of a label: of the cosine, of the lead."""
    own = label == row
    wrong = ~own & ~scores.cosine[:, row].isnan()
    if not own.any():
        return math.nan, math.nan, math.nan, math.nan
    columns = scores.cosine[:, row], scores.margin[:, row]
    medians = [float(values[own].median()) for values in columns]
    if not wrong.any():
        return medians[0], medians[1], math.nan, math.nan
    cuts = [separating_threshold(v[own], v[wrong]) for v in columns]
    return medians[0], medians[1], cuts[0], cuts[1]
