"""``semtta bound-retrieval``: what labels know about hidden joints."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch

from ..diagnosis.motion_windows import cut_windows
from ..diagnosis.retrieval_bound import PATTERNS, RetrievalBound, summary
from ..diagnosis.retrieval_library import LibraryOptions, build_library
from ..models.motion_text import read_dictionary
from ..training_data import read_motion_set
from ..utils.command import one_line_errors
from ..utils.environment import environment
from ..utils.wide_table import WideTable
from .report import write_report


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta bound-retrieval',
        description='Complete hidden rotations of held-out motions from the '
        'nearest windows of a library, without any network: for windows of '
        'the right label, of any label, and of a wrong one.',
    )
    add = parser.add_argument
    add('motions', type=Path, help='npz of held-out motions')
    add('library', type=Path, help='npz of training motions')
    add('--dictionary', default='open', help='npz, default: the open one')
    add('--out', type=Path, required=True, help='json to write')
    add(
        '--patterns',
        nargs='+',
        choices=list(PATTERNS),
        default=list(PATTERNS),
        metavar='PATTERN',
        help=f'hidden joints, of {", ".join(PATTERNS)}; default: all',
    )
    add('--neighbours', type=int, default=16, help='k, default: 16')
    add('--frames', type=int, default=40, help='of a window, default: 40')
    add('--shift', type=int, default=8, help='frames between windows')
    add('--per-label', type=int, default=6, help='windows of a label, source')
    return parser


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The report on all patterns.

    Args:
        args: Of :func:`build_parser`.

    Raises:
        InputError: If a file is missing or wrong, or no motion fits.
    """
    words = read_dictionary(args.dictionary)
    options = LibraryOptions(frames=args.frames, shift=args.shift)
    library = build_library(read_motion_set(args.library), words, options)
    windows = cut_windows(
        read_motion_set(args.motions), words, args.frames, 2, args.per_label
    )
    known = torch.isin(windows.label, library.label)
    chosen = (known & windows.mask.all(1)).nonzero()[:, 0]
    bound = RetrievalBound(
        library,
        windows.pose[chosen],
        windows.label[chosen],
        args.neighbours,
    )
    return {
        'motions': args.motions.name,
        'library': args.library.name,
        'library_windows': len(library),
        'windows': len(chosen),
        'labels': len(bound.label.unique()),
        'neighbours': args.neighbours,
        'frames': args.frames,
        'patterns': {
            name: summary(bound.pattern(PATTERNS[name]), bound.label)
            for name in args.patterns
        },
        'environment': environment(),
    }


def table(report: Mapping[str, Any]) -> WideTable:
    """One row for each pattern and pool."""
    title = (
        f'{report["motions"]}, {report["windows"]} windows of '
        f'{report["labels"]} labels; {report["neighbours"]} of '
        f'{report["library_windows"]} windows'
    )
    columns = ['error, deg', 'spread, deg', 'error - right label (95 %)']
    out = WideTable(['hidden', 'from'], columns, title=title)
    for pattern, rows in report['patterns'].items():
        for name, row in rows.items():
            out.add_row(
                pattern,
                name,
                _number(row['error']),
                _number(row['spread']),
                _interval(row['minus_right']),
            )
    return out


def _number(value: float | None) -> str:
    return '–' if value is None else f'{value:.1f}'


def _interval(value: Mapping[str, float] | None) -> str:
    if value is None:
        return '–'
    return f'{value["mean"]:+.1f} ({value["low"]:+.1f}, {value["high"]:+.1f})'


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    report = run(args)
    write_report(args.out, report, [table(report)])
    return 0
