"""What exact 2D and true hidden rotations are worth on a test set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, get_args

import numpy as np

from ..datasets.readers.test_set import Evidence, clip_of
from .unobserved_errors import TRUE_HIDDEN

Values = dict[str, float | None]

EVIDENCE: tuple[Evidence, ...] = get_args(Evidence)
"""Of the runs of a set, see :class:`.TestSetReader`."""


def worth(
    before: dict[str, Values],
    after: dict[str, dict[str, Values]],
    names: Sequence[str],
) -> Values:
    """What exact 2D and true hidden rotations are worth for some tracks.

    Args:
        before: Track to the errors of the un-adapted network.
        after: Kind of evidence to track to its errors, mm.
        names: Of the tracks.

    Returns:
        Means over clips: ``root_constant_deg``, ``root_shown_deg`` and
        ``mpjpe_before``, of the un-adapted network; ``mpjpe``, with detected
        2D; ``exact_2d_worth`` and ``true_2d_worth``, mm less with exact
        places of what is detected and visible, and with all true keypoints;
        ``mpjpe_occluded``; and ``hidden_worth``, the share of the latter
        that true hidden rotations remove.
    """
    detected = after['detected']
    hidden = [n for n in names if detected[n].get(TRUE_HIDDEN) is not None]
    mpjpe, exact, true = (
        _clip_mean(after[name], 'mpjpe', names) for name in EVIDENCE
    )
    unseen = _clip_mean(detected, 'mpjpe_occluded', hidden)
    rest = _clip_mean(detected, TRUE_HIDDEN, hidden)
    return {
        'root_constant_deg': _clip_mean(before, 'root_constant_deg', names),
        'root_shown_deg': _clip_mean(before, 'root_shown_deg', names),
        'mpjpe_before': _clip_mean(before, 'mpjpe', names),
        'mpjpe': mpjpe,
        'exact_2d_worth': _less(mpjpe, exact),
        'true_2d_worth': _less(mpjpe, true),
        'mpjpe_occluded': unseen,
        'hidden_worth': None
        if unseen is None or rest is None
        else 1 - rest / unseen,
    }


def _less(first: float | None, second: float | None) -> float | None:
    """First minus second, None if one is unknown."""
    return None if first is None or second is None else first - second


def _clip_mean(
    values: dict[str, Any], metric: str, names: Sequence[str]
) -> float | None:
    """Mean over clips of the mean over their tracks."""
    clips: dict[str, list[float]] = {}
    for name in names:
        value = values.get(name, {}).get(metric)
        if value is not None:
            clips.setdefault(clip_of(name), []).append(value)
    if not clips:
        return None
    return float(np.mean([np.mean(found) for found in clips.values()]))
