"""``semtta build-dictionary``: labels, text vectors and exemplars."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch

from ..conventions import NUM_BETAS, NUM_JOINTS
from ..models.bodies import SMPLBody
from ..models.motion_text import MiniLMText, TextEncoder, read_dictionary
from ..models.motion_text.clip_text import CLIPText
from ..models.motion_text.motion_patches_text import MotionPatchesText
from ..models.motion_text.tmr_text import TMRText
from ..preparation.dictionary.babel import read_babel
from ..preparation.dictionary.babel_dictionary import write_babel_dictionary
from ..preparation.dictionary.build import build_dictionary
from ..structures import SMPLParams
from ..training_data import read_motion_set
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console

MINILM = 'all-MiniLM-L6-v2'


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta build-dictionary',
        description='Build a dictionary of labels, text vectors and exemplars '
        'from a motion set (only motions that may be passed on become '
        'exemplars), or from BABEL and AMASS, as in the paper.',
    )
    add = parser.add_argument
    add('motions', type=Path, nargs='?', help='npz of `semtta make-motions`')
    add('--babel', type=Path, help='folder with train.json and val.json')
    add('--amass', type=Path, help='folder of AMASS (SMPL+H G)')
    add('--out', type=Path, required=True, help='npz to write')
    add(
        '--encoder',
        choices=('minilm', 'clip', 'motion-patches', 'tmr'),
        default='minilm',
        help='text encoder of the motion-text model (MotionCLIP: clip)',
    )
    add('--weights', type=Path, help="the encoder's file or folder")
    add(
        '--vocabulary',
        type=Path,
        help="the encoder's tokenizer; tmr: all of distilbert-base-uncased",
    )
    add('--text-folder', type=Path, help='folder of all-MiniLM-L6-v2')
    add('--body', type=Path, help='SMPL, for the 25th row of MotionCLIP')
    return parser


def text_encoder(args: argparse.Namespace) -> tuple[TextEncoder, str]:
    """The chosen encoder and its name.

    Raises:
        InputError: If files of it are not given, absent or broken.
    """
    if args.encoder == 'minilm':
        return MiniLMText(args.text_folder or args.weights), MINILM
    if args.weights is None:
        fix = f'name the file or folder of {args.encoder}'
        raise InputError('command', '--weights', 'is not given', fix)
    if args.encoder == 'clip':
        name = f'CLIP {args.weights.stem}'
        return CLIPText(args.weights, args.vocabulary), name
    if args.vocabulary is None:
        fix = 'name a folder of distilbert-base-uncased'
        raise InputError('command', '--vocabulary', 'is not given', fix)
    if args.encoder == 'tmr':
        return TMRText(args.weights, args.vocabulary), 'TMR'
    return MotionPatchesText(args.weights, args.vocabulary), 'MotionPatches'


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    licensed = args.babel is not None and args.amass is not None
    if licensed == (args.motions is not None):
        fix = 'give a motion set, or both --babel and --amass'
        raise InputError('command', 'motions', 'is not clear', fix)
    console = make_console()
    if licensed:
        sequences = read_babel(args.babel)
        text, name = text_encoder(args)
        absent = write_babel_dictionary(
            args.out, sequences, args.amass, text, name, _rest(args.body)
        )
        console.print(
            f'{len(sequences) - absent} of {len(sequences)} sequences of '
            f'BABEL are in {args.amass}'
        )
    else:
        clips = read_motion_set(args.motions)
        build_dictionary(args.out, clips, *text_encoder(args))
    console.print(_summary(args.out))
    return 0


def _rest(body: Path | None) -> torch.Tensor:
    """Joints at rest ``[24, 3]``, m."""
    pose = torch.eye(3).expand(1, NUM_JOINTS, 3, 3)
    params = SMPLParams.from_pose(pose, torch.zeros(1, NUM_BETAS))
    return SMPLBody(body).joints_only(params)[0]


def _summary(path: Path) -> str:
    dictionary = read_dictionary(path)
    pairs = zip(dictionary.labels, dictionary.exemplar, strict=True)
    own = sum(a == b for a, b in pairs)
    return (
        f'{path}: {len(dictionary)} labels, {own} with their own '
        f'exemplar, {path.stat().st_size / 1e3:.0f} kB'
    )
