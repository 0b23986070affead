"""Tables of ``semtta eval-labels``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from ..utils.wide_table import WideTable

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
    """

    motion: str
    variant: str
    track: str
    label: str
    best: tuple[str, ...]
    confidence: float

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
        'samples': [s._asdict() for s in samples],
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
    return report, [first, second]


def _cells(found: Mapping[str, Any]) -> list[str]:
    shares = [found[k] for k in ('top1', 'top3', 'coverage', 'precision')]
    cells = ['–' if v is None else f'{100 * v:.0f}' for v in shares]
    return [str(found['spans']), *cells]
