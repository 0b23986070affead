"""``semtta calibrate-alignment``: what true motions have, by label."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from torch import Tensor

from ..diagnosis.calibration import LabelScores, acceptance, calibrate
from ..diagnosis.motion_windows import cut_windows
from ..models.motion_text import read_dictionary
from ..models.motion_text.calibration import Calibration
from ..models.motion_text.calibration_file import write_calibration
from ..setup_env import register_all_modules
from ..training_data import read_motion_set
from ..training_data.action_windows import clips_of_part
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.wide_table import WideTable
from .motion_text_model import read_motion_text
from .options import add_cfg_options


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta calibrate-alignment',
        description='Write the cosines, leads and up directions of true '
        'motions, by label, for CalibratedAlignLoss, GravityPrior and '
        'MotionTextGate.',
    )
    add = parser.add_argument
    add('config', type=Path, help='with `motion_text`')
    add('motions', type=Path, help='npz of `semtta make-motions`')
    add('--weights', help='checkpoint; default: that of the config')
    add('--dictionary', default='open', help='npz, default: the open one')
    add('--out', type=Path, required=True, help='json to write')
    add(
        '--part',
        type=int,
        nargs=2,
        default=(0, 1),
        metavar=('K', 'N'),
        help='every N-th clip from the K-th on; default: all',
    )
    add('--per-label', type=int, default=24, help='windows of a label, source')
    add('--others', type=int, default=80, help='windows of other labels')
    add('--check', type=Path, help='npz of other motions, only reported')
    add_cfg_options(parser)
    return parser


def run(args: argparse.Namespace) -> tuple[Calibration, dict[str, Tensor]]:
    """Calibrate, and apply the thresholds to other motions.

    Args:
        args: Of :func:`build_parser`.

    Returns:
        The calibration, and :func:`.acceptance` of the motions of
        ``--check``; empty without.

    Raises:
        InputError: If a file is missing or wrong.
    """
    model, _ = read_motion_text(args.config, args.cfg_options, args.weights)
    words = read_dictionary(args.dictionary)
    clips = clips_of_part(read_motion_set(args.motions), *args.part)
    windows = cut_windows(clips, words, model.frames, per_label=args.per_label)
    found = calibrate(model, words, windows, args.others)
    rates: dict[str, Tensor] = {}
    if args.check is not None:
        held_out = cut_windows(
            read_motion_set(args.check), words, model.frames
        )
        scores = LabelScores.of(model, words, held_out, args.others)
        rates = acceptance(scores, held_out.label, found)
    return found, rates


def table(found: Calibration, rates: Mapping[str, Tensor]) -> WideTable:
    """One row a label."""
    columns: dict[str, Any] = {
        'windows': [str(int(n)) for n in found.windows],
        'cosine': _numbers(found.cosine),
        'lead': _numbers(found.margin),
        'least\ncosine': _numbers(found.accept_cosine),
        'least\nlead': _numbers(found.accept_margin),
        'spread of\nup, deg': _numbers(found.up_spread, 1),
    }
    for name, shares in rates.items():
        columns[f'{name}\naccepted, %'] = _numbers(100 * shares, 0)
    out = WideTable(['label'], list(columns), title='true motions')
    rows = zip(found.labels, *columns.values(), strict=True)
    for label, *cells in rows:
        out.add_row(label, *cells)
    means = [f'{100 * float(v.nanmean()):.1f}' for v in rates.values()]
    if means:
        out.add_row('mean', *[''] * (len(columns) - len(means)), *means)
    return out


def _numbers(values: Tensor, digits: int = 2) -> list[str]:
    return [
        '–' if value != value else f'{value:.{digits}f}'
        for value in values.tolist()
    ]


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    found, rates = run(args)
    part = f' --part {args.part[0]} {args.part[1]}'
    made_from = (
        f'semtta calibrate-alignment {args.config.name} {args.motions.name}'
        f'{part if tuple(args.part) != (0, 1) else ""}'
    )
    write_calibration(args.out, found, made_from)
    console = make_console()
    console.print(table(found, rates))
    console.print(f'written: {args.out}')
    return 0
