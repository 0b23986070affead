"""The labeler of tracks that a user gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any

from ..labeling import LabelSpan
from ..registry import TASK_UTILS
from ..utils import InputError

Labels = str | PathLike[str] | Sequence[LabelSpan | Mapping[str, Any]]


def labeler_config(
    text: str | None = None,
    labels: Labels | None = None,
    default: Mapping[str, Any] | None = None,
) -> dict[str, Any] | None:
    """Config of the labeler of tracks that are not the config's.

    Args:
        text: The action in all frames.
        labels: A label file, or spans.
        default: The config's labeler. Without ``text`` and ``labels`` it is
            used if it can label any track
            (:attr:`~semtta_mm.labeling.BaseLabeler.any_track`).

    Returns:
        None if there are no labels: nothing is aligned.

    Raises:
        InputError: If both ``text`` and ``labels`` are given.
    """
    if text is not None and labels is not None:
        raise InputError('labels', 'text', 'is given too', 'give one of them')
    if text is not None:
        return dict(type='FixedLabeler', text=text)
    if isinstance(labels, str | PathLike):
        return dict(type='FileLabeler', path=str(labels))
    if labels is not None:
        rows = [
            vars(x) if isinstance(x, LabelSpan) else dict(x) for x in labels
        ]
        return dict(type='SpanLabeler', spans=rows)
    if default is None:
        return None
    kind = TASK_UTILS.get(default['type'])
    return dict(default) if getattr(kind, 'any_track', True) else None
