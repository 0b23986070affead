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
    vlm: Mapping[str, Any] | None = None,
) -> dict[str, Any] | None:
    """Config of the labeler of tracks that are not the config's.

    Args:
        text: The action in all frames.
        labels: A label file, or spans.
        default: The config's labeler. Without ``text`` and ``labels`` it is
            used if it can label any track
            (:attr:`~semtta_mm.labeling.BaseLabeler.any_track`).
        vlm: Arguments of :class:`~semtta_mm.labeling.VLMLabeler`, at least
            ``url`` and ``model``.

    Returns:
        None if there are no labels: nothing is aligned.

    Raises:
        InputError: If more than one of ``text``, ``labels`` and ``vlm`` is
            given, or ``vlm`` lacks a field.
    """
    given = {'text': text, 'labels': labels, 'vlm': vlm}
    names = [name for name, value in given.items() if value is not None]
    if len(names) > 1:
        raise InputError(
            names[1], names[0], 'is given too', 'give one of them'
        )
    if vlm is not None:
        for name in ('url', 'model'):
            if not vlm.get(name):
                fix = f'give --vlm-{name}'
                raise InputError('vlm', name, 'is absent', fix)
        return dict(type='VLMLabeler', **vlm)
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
