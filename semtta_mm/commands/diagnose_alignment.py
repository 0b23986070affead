"""``semtta diagnose-alignment``: tests whether the loss repairs motion."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ..diagnosis.align_diagnosis import Diagnosis, summary
from ..diagnosis.align_perturbed import PERTURBED, SHIFT
from ..diagnosis.align_search import VARIABLES, SearchOptions
from ..diagnosis.motion_windows import cut_windows
from ..models.losses import CalibratedAlignLoss
from ..models.motion_text import normalise, read_dictionary
from ..models.motion_text.degrade import body_part
from ..setup_env import register_all_modules
from ..training_data import read_motion_set
from ..utils.command import one_line_errors
from ..utils.environment import environment
from .alignment_tables import tables
from .motion_text_model import read_motion_text
from .options import add_cfg_options, add_old_name
from .report import write_report

_PARTS = ('legs', 'arms', 'body')
_LR = {'frames': 0.005, 'cosines': 0.005, 'gain': 0.05}


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta diagnose-alignment',
        description='Optimise the poses of perturbed motions for their right '
        'and for a wrong label, without network and images.',
    )
    add = parser.add_argument
    add('config', type=Path, help='with `motion_text`')
    add('motions', type=Path, help='npz of `semtta make-motions`')
    add('--weights', help='checkpoint; default: that of the config')
    add('--dictionary', default='open', help='npz, default: the open one')
    add('--out', type=Path, required=True, help='json to write')
    add('--labels', nargs='+', help='only these; default: all')
    add('--per-label', type=int, default=1, help='clips of a label and source')
    add('--perturbed', choices=_PARTS, default='legs', help='part to perturb')
    add(
        '--errors',
        nargs='+',
        choices=list(PERTURBED),
        default=list(PERTURBED),
        metavar='ERROR',
        help=f'of {", ".join(PERTURBED)}; default: all',
    )
    add('--free', choices=_PARTS, help='part to optimise; default: the same')
    add(
        '--variables',
        choices=VARIABLES,
        default='cosines',
        help='what is optimised; default: cosines',
    )
    add('--steps', type=int, default=30, help='default: 30')
    add('--lr', type=float, help='default: 0.005; 0.05 for a gain')
    add(
        '--coefficients',
        type=int,
        default=8,
        help='number of cosines, default: 8',
    )
    add(
        '--calibration',
        help='name or file: minimise CalibratedAlignLoss, not 1 - cosine',
    )
    add('--saturation', type=float, help='cosine above which the loss is zero')
    add(
        '--observed-weight',
        type=float,
        default=0.0,
        help='weight that keeps observed joints in place',
    )
    add('--seed', type=int, default=0)
    add_old_name(parser, '--enough', '--saturation', type=float)
    add_old_name(parser, '--stay', '--observed-weight', type=float)
    add_old_name(parser, '--hidden', '--perturbed', choices=_PARTS)
    add_cfg_options(parser)
    return parser


def prepare(args: argparse.Namespace) -> Diagnosis:
    """Read model, dictionary and motions.

    Raises:
        InputError: If a file or an option is missing or wrong.
    """
    model, _ = read_motion_text(args.config, args.cfg_options, args.weights)
    dictionary = read_dictionary(args.dictionary)
    clips = read_motion_set(args.motions)
    if args.labels:
        known = dictionary.labels
        wanted = {known[dictionary.index(name)] for name in args.labels}
        clips = [clip for clip in clips if normalise(clip.label) in wanted]
    windows = cut_windows(
        clips, dictionary, model.frames + SHIFT, 1, args.per_label
    )
    lr = _LR[args.variables] if args.lr is None else args.lr
    options = SearchOptions(
        args.variables,
        args.steps,
        lr,
        args.coefficients,
        args.saturation,
        args.observed_weight,
    )
    perturbed = body_part(args.perturbed)
    free = body_part(args.free or args.perturbed)
    calibrated = None
    if args.calibration:
        calibrated = CalibratedAlignLoss(calibration=args.calibration)
        calibrated.calibration.check(model, dictionary)
    return Diagnosis(
        model,
        dictionary,
        windows,
        perturbed,
        free,
        options,
        args.seed,
        calibrated,
    )


def run(args: argparse.Namespace) -> dict[str, Any]:
    """The report on all perturbations; see :func:`prepare` for errors."""
    diagnosis = prepare(args)
    cases = {
        name: summary(diagnosis.case(name), args.seed) for name in args.errors
    }
    return {
        'config': args.config.name,
        'motions': args.motions.name,
        'hidden': args.perturbed,
        'free': args.free or args.perturbed,
        'search': asdict(diagnosis.options),
        'calibration': args.calibration,
        'seed': args.seed,
        'clips': len(diagnosis.windows.label),
        'cases': cases,
        'environment': environment(),
    }


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    report = run(args)
    write_report(args.out, report, tables(report))
    return 0
