"""Tables of ``semtta eval-labels``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from ..labeling.motion_check import contradicted
from ..utils.wide_table import WideTable

LEAST = (0.0005, 0.001, 0.002, 0.005, 0.01, 0.02)
THRESHOLDS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


class Sample(NamedTuple):
    """The labels of one span.

    Attributes:
        motion: ``'prediction'``, ``'lifted'`` or ``'true'``.
        variant: Of the test set.
        track: Name of the track.
        label: The true label.
        best: The three most probable labels.
        confidence: Of the first.
        every: Confidence of every label.
    """

    motion: str
    variant: str
    track: str
    label: str
    best: tuple[str, ...]
    confidence: float
    every: Mapping[str, float] = MappingProxyType({})

    @property
    def right(self) -> bool:
        """Whether the first label is the true one."""
        return self.best[0] == self.label


def accuracy(samples: Sequence[Sample], threshold: float) -> dict[str, Any]:
    """Shares of right labels.

    Args:
        samples: At least one.
        threshold: Least confidence of a known label.

    Returns:
        ``spans``, their number; ``top1`` and ``top3``, without threshold;
        ``coverage``, the share that is known; ``precision``, the share of
        right ones among the known, None if none is known.
    """
    count = len(samples)
    known = [s for s in samples if s.confidence >= threshold]
    right = sum(s.right for s in known)
    return {
        'spans': count,
        'top1': sum(s.right for s in samples) / count,
        'top3': sum(s.label in s.best for s in samples) / count,
        'coverage': len(known) / count,
        'precision': right / len(known) if known else None,
    }


def label_tables(
    samples: Sequence[Sample], threshold: float
) -> tuple[dict[str, Any], list[WideTable]]:
    """The report and its tables.

    Args:
        samples: Of :func:`evaluate`.
        threshold: Of the hook.
    """
    report: dict[str, Any] = {
        'threshold': threshold,
        'samples': [{**s._asdict(), 'every': dict(s.every)} for s in samples],
        'variants': {},
    }
    heads = ['spans', 'top 1, %', 'top 3, %', 'known, %', 'right of known, %']
    first = WideTable(
        ['motion', 'variant'], heads, title=f'labels, threshold {threshold:g}'
    )
    for motion, variant in dict.fromkeys(
        (s.motion, s.variant) for s in samples
    ):
        part = [s for s in samples if s[:2] == (motion, variant)]
        found = accuracy(part, threshold)
        report['variants'].setdefault(motion, {})[variant] = found
        first.add_row(motion, variant, *_cells(found))
    second = WideTable(
        ['motion', 'threshold'], heads[3:], title='all variants'
    )
    for motion in dict.fromkeys(s.motion for s in samples):
        part = [s for s in samples if s.motion == motion]
        for value in THRESHOLDS:
            found = accuracy(part, value)
            report.setdefault('thresholds', []).append(
                {'motion': motion, 'threshold': value, **found}
            )
            second.add_row(motion, f'{value:g}', *_cells(found)[3:])
    third = WideTable(
        ['motion', 'least'],
        ['right refused, %', 'wrong refused, %'],
        title='given labels, checked by the motion',
    )
    for motion in dict.fromkeys(s.motion for s in samples if s.every):
        part = [s for s in samples if s.motion == motion]
        for least in LEAST:
            found = refusals(part, least, threshold)
            report.setdefault('refusals', []).append(
                {'motion': motion, 'least': least, **found}
            )
            cells = (f'{100 * found[k]:.0f}' for k in ('right', 'wrong'))
            third.add_row(motion, f'{least:g}', *cells)
    return report, [first, second, third]


def refusals(
    samples: Sequence[Sample], least: float, threshold: float
) -> dict[str, Any]:
    """Shares of given labels that the check by the motion refuses.

    Args:
        samples: With the confidence of every label.
        least: Least confidence of a label that does not contradict.
        threshold: Of the best label, else nothing is refused.

    Returns:
        ``right``, of true labels, and ``wrong``, of all other ones, 0 to 1.
    """
    right: list[bool] = []
    wrong: list[bool] = []
    for sample in samples:
        for label, value in sample.every.items():
            refused = contradicted(value, sample.confidence, least, threshold)
            (right if label == sample.label else wrong).append(refused)
    return {'right': sum(right) / len(right), 'wrong': sum(wrong) / len(wrong)}


def _cells(found: Mapping[str, Any]) -> list[str]:
    shares = [found[k] for k in ('top1', 'top3', 'coverage', 'precision')]
    cells = ['–' if v is None else f'{100 * v:.0f}' for v in shares]
    return [str(found['spans']), *cells]
