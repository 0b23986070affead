"""``semtta eval-motion-text``: scores of a motion-text model."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ..diagnosis.motion_text import MotionTextScores
from ..diagnosis.motion_windows import cut_windows
from ..models.motion_text import read_dictionary
from ..setup_env import register_all_modules
from ..training_data import read_motion_set
from ..utils.command import one_line_errors
from ..utils.environment import environment
from ..utils.wide_table import WideTable
from .motion_text_model import read_motion_text
from .options import add_cfg_options
from .report import write_report

_GROUPS = {'cmu': 'cmu', 'open': 'open', 'all': None}


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta eval-motion-text',
        description='Score a motion-text model: retrieval, and true motions '
        'ranked against degraded ones.',
    )
    add = parser.add_argument
    add('config', type=Path, help='with `motion_text`')
    add('motions', type=Path, help='npz of `semtta make-motions`')
    add('--weights', help='checkpoint; default: that of the config')
    add('--dictionary', default='open', help='npz, default: the open one')
    add('--out', type=Path, required=True, help='json to write')
    add_cfg_options(parser)
    return parser


def evaluate(args: argparse.Namespace) -> dict[str, Any]:
    """Score the encoder of a config.

    Raises:
        InputError: If a file is missing or wrong, or there are no weights.
    """
    model, weights = read_motion_text(
        args.config, args.cfg_options, args.weights
    )
    dictionary = read_dictionary(args.dictionary)
    windows = cut_windows(
        read_motion_set(args.motions), dictionary, model.frames
    )
    scores = MotionTextScores.of(model, dictionary, windows)
    return {
        'config': args.config.name,
        'weights': Path(weights).name,
        'motions': args.motions.name,
        'dictionary_labels': len(dictionary),
        'unknown_labels': windows.unknown,
        'groups': {k: scores.summary(v) for k, v in _GROUPS.items()},
        'labels': scores.by_label(dictionary.labels),
        'environment': environment(),
    }


def tables(report: Mapping[str, Any]) -> list[WideTable]:
    """Retrieval, and rates of true above degraded."""
    columns = [
        f'{group}\n{part["labels"]} labels\n{part["windows"]} windows'
        for group, part in report['groups'].items()
    ]
    title = f'{report["motions"]}: retrieval, macro over labels'
    first = WideTable([''], columns, title=title)
    title = 'true motion ranked above its degraded version, %'
    second = WideTable([''], columns, title=title)
    parts = list(report['groups'].values())
    for root in ('own_root', 'exemplar_root'):
        for name in parts[0][root]:
            row = f'{name}, {root.replace("_", " ")}'
            first.add_row(row, *(_number(p[root][name]) for p in parts))
    for name in parts[0]['true_above']:
        cells = [p['true_above'][name] for p in parts]
        second.add_row(
            name, *(f'{_percent(c["rate"])} of {c["windows"]}' for c in cells)
        )
    return [first, second]


def _number(value: float | None) -> str:
    return '–' if value is None else f'{value:.3f}'


def _percent(value: float | None) -> str:
    return '–' if value is None else f'{100 * value:.1f}'


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    report = evaluate(args)
    write_report(args.out, report, tables(report))
    return 0
