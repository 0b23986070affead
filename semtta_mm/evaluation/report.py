"""From per-track errors to the structure of ``metrics.json``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from ..utils import InputError
from .protocol import Protocol
from .track_errors import TrackErrors, sum_totals

Report = dict[str, Any]


def summarise(tracks: Sequence[TrackErrors]) -> dict[str, float | None]:
    """Mean of each metric over all frames of all tracks.

    Every evaluated frame weighs the same, so a long track weighs more (as
    the lineage does); see :class:`TrackErrors` for the two that weigh joints.

    Args:
        tracks: Errors of each track.

    Returns:
        Metric to value; None where no track has a reference for it.
    """
    return {
        name: total.mean for name, total in sum_totals(list(tracks)).items()
    }


def stage_report(tracks: Sequence[TrackErrors], protocol: Protocol) -> Report:
    """Report of one stage, e.g. before adaptation.

    Args:
        tracks: Errors of each track.
        protocol: How they were compared.

    Returns:
        ``units``, ``protocol``, ``coverage``, ``overall`` and ``tracks``;
        plain numbers, strings and None. ``protocol.fps`` is None where
        tracks differ; each track states its own.

    Raises:
        InputError: If two tracks share a name.
    """
    _refuse_twins(tracks)
    rates = {track.fps for track in tracks}
    weights = sum_totals(list(tracks))
    return {
        'units': 'mm',
        'protocol': asdict(protocol)
        | {'fps': rates.pop() if len(rates) == 1 else None},
        'coverage': {
            'frames': sum(track.frames for track in tracks),
            'evaluated': sum(track.evaluated for track in tracks),
            'weights': {name: t.weight for name, t in weights.items()},
        },
        'overall': summarise(tracks),
        'tracks': {
            track.name: {
                'frames': track.frames,
                'evaluated': track.evaluated,
                'fps': track.fps,
                **track.values,
            }
            for track in tracks
        },
    }


def _refuse_twins(tracks: Sequence[TrackErrors]) -> None:
    names = Counter(track.name for track in tracks)
    twins = [name for name, count in names.items() if count > 1]
    if twins:
        raise InputError(
            'MeshMetric',
            'name',
            f'{len(twins)} tracks were given twice, e.g. {twins[0]!r}',
            'give each track its own name, and each once',
        )


_COMMON = ('frames', 'evaluated', 'fps')
STAGES = ('before', 'after')


def staged_report(
    tracks: Sequence[Mapping[str, Mapping[str, TrackErrors]]],
    protocols: Mapping[str, Protocol],
    epochs: Mapping[str, Sequence[Mapping[str, float | None]]] | None = None,
) -> Report:
    """Report of one or two stages under one or more protocols.

    Args:
        tracks: Of each track: stage (``'before'``, ``'after'``) to protocol
            to errors. All tracks have the same stages.
        protocols: Name to protocol, the main one first.
        epochs: See :func:`merge_stages`.

    Returns:
        As :func:`merge_stages` gives it for the main protocol, and
        ``other_protocols``: name to ``protocol`` and ``overall``.

    Raises:
        InputError: See :func:`merge_stages`.
    """
    stages = [s for s in STAGES if all(s in track for track in tracks)]
    reports = {}
    for name, protocol in protocols.items():
        found = {
            stage: stage_report([t[stage][name] for t in tracks], protocol)
            for stage in stages
        }
        before, after = found['before'], found.get('after')
        reports[name] = merge_stages(before, after, epochs)
    main, *others = reports
    return reports[main] | {
        'other_protocols': {
            name: {key: reports[name][key] for key in ('protocol', 'overall')}
            for name in others
        }
    }


def merge_stages(
    before: Report,
    after: Report | None = None,
    epochs: Mapping[str, Sequence[Mapping[str, float | None]]] | None = None,
) -> Report:
    """Put two stages side by side, as ``metrics.json`` does.

    Args:
        before: Report of the pre-trained estimator.
        after: Report after adaptation; None if there was none.
        epochs: Metrics per epoch of each track, by its name.

    Returns:
        Like a stage's report, with ``{'before', 'after'}`` under ``overall``
        and ``{'frames', 'evaluated', 'fps', 'before', 'after', 'epochs'}``
        for each track; ``after`` is None where there was none.

    Raises:
        InputError: If the two stages differ in protocol, tracks or frames:
            such numbers cannot be compared.
    """
    if after is not None:
        _check_comparable(before, after)
    stages = {'before': before, 'after': after}
    tracks = {}
    for name, track in before['tracks'].items():
        tracks[name] = {
            **{key: track[key] for key in _COMMON},
            **{
                stage: _metrics_of(report, name)
                for stage, report in stages.items()
            },
            'epochs': [dict(epoch) for epoch in (epochs or {}).get(name, ())],
        }
    overall = {
        stage: None if report is None else dict(report['overall'])
        for stage, report in stages.items()
    }
    return before | {'overall': overall, 'tracks': tracks}


def _metrics_of(
    report: Report | None, name: str
) -> dict[str, float | None] | None:
    if report is None:
        return None
    track = report['tracks'][name]
    return {key: track[key] for key in track if key not in _COMMON}


def _check_comparable(before: Report, after: Report) -> None:
    common = {
        'protocol': (before['protocol'], after['protocol']),
        'tracks': (sorted(before['tracks']), sorted(after['tracks'])),
        'coverage': tuple(
            (stage['coverage']['frames'], stage['coverage']['evaluated'])
            for stage in (before, after)
        ),
    }
    for field, (one, other) in common.items():
        if one != other:
            raise InputError(
                'metrics',
                field,
                f'before has {one}, after has {other}',
                'evaluate both stages on the same tracks and frames, under '
                'one protocol',
            )
