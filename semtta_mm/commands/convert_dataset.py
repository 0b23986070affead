"""``semtta convert DATASET SRC DST``: a published data set to tracks."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ..apis.convert_dataset import convert_dataset, convert_human_data
from ..datasets.readers.threedhp import present_sequences
from ..registry import TASK_UTILS
from ..utils.console import make_console
from .convert_tables import dataset_table, tracks_table
from .options import add_old_name

HUMAN_DATA = 'humandata'
DATASETS = ('3dpw', '3dhp', 'egobody', 'h36m', HUMAN_DATA)
_TYPES = {
    '3dpw': 'ThreeDPWReader',
    '3dhp': 'ThreeDHPReader',
    'egobody': 'EgoBodyReader',
    'h36m': 'Human36MReader',
}
_COMMON = ('dataset', 'src', 'dst', 'force')


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta convert',
        description='Convert a published data set to one npz for each track, '
        'and summary.json.',
    )
    kinds = parser.add_subparsers(
        dest='dataset', required=True, metavar='DATASET'
    )
    _pw3d(_data_set(kinds, '3dpw', '3DPW: sequenceFiles/ and imageFiles/'))
    _mpi3dhp(_data_set(kinds, '3dhp', 'MPI-INF-3DHP: the test set'))
    _egobody(_data_set(kinds, 'egobody', "EgoBody: the head-set's view"))
    _h36m(_data_set(kinds, 'h36m', "Human3.6M with Moon et al.'s annotations"))
    text = "mmhuman3d's HumanData npz to tracks, or tracks to HumanData"
    human = kinds.add_parser(HUMAN_DATA, help=text, description=f'{text}.')
    _places(human)
    human.add_argument(
        '--fps', type=float, help='frames per second of the image numbers'
    )
    human.add_argument(
        '--images', type=Path, help='folder that image_path starts from'
    )
    return parser


def _data_set(kinds: Any, name: str, text: str) -> argparse.ArgumentParser:
    parser = kinds.add_parser(name, help=text, description=f'{text}.')
    _places(parser)
    parser.add_argument(
        '--allow-partial',
        action='store_true',
        help='convert an incomplete data set',
    )
    parser.add_argument(
        '--openpose',
        type=Path,
        help='folder with one folder of OpenPose JSON per sequence',
    )
    return parser


def _places(parser: argparse.ArgumentParser) -> None:
    parser.add_argument('src', type=Path, metavar='SRC')
    parser.add_argument('dst', type=Path, metavar='DST')
    parser.add_argument(
        '--force', action='store_true', help='overwrite what is in DST'
    )


def _pw3d(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add('--split', default='test', choices=('train', 'validation', 'test'))
    add('--sequences', nargs='+', metavar='NAME', help='default: all')
    add(
        '--keep-outlier-betas',
        dest='drop_wild_betas',
        action='store_false',
        help='leave shapes with an entry beyond 3 as they are',
    )
    old, new = '--keep-wild-betas', '--keep-outlier-betas'
    add_old_name(parser, old, new, 'drop_wild_betas', nargs=0, const=False)


def _mpi3dhp(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add(
        '--fps',
        type=float,
        required=True,
        help='of the test videos; no public source states it',
    )
    add(
        '--annotation',
        default='univ_annot3',
        choices=('univ_annot3', 'annot3'),
        help='3D to evaluate against; numbers differ much',
    )
    add(
        '--evidence',
        default='openpose',
        choices=('openpose', 'annot2'),
        help='annot2: the true 2D joints',
    )
    add(
        '--no-intrinsics',
        dest='intrinsics',
        action='store_false',
        help='leave out the cameras of test_util/',
    )


def _egobody(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        '--split', default='test', choices=('train', 'val', 'test')
    )


def _h36m(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add('--subjects', type=int, nargs='+', default=[9, 11], metavar='S')
    add('--cameras', type=int, nargs='+', default=[1, 2, 3, 4], metavar='C')
    add('--stride', type=int, default=1, help='keep every n-th frame')
    add('--reference', default='joints', choices=('joints', 'smpl'))
    add(
        '--evidence',
        default='openpose',
        choices=('openpose', 'truth'),
        help='truth: the projected true joints',
    )


def reader_config(args: argparse.Namespace) -> dict[str, Any]:
    """Config of the data set's reader; for HumanData only its options.

    Args:
        args: As parsed.
    """
    given = {k: v for k, v in vars(args).items() if v is not None}
    options = {k: v for k, v in given.items() if k not in _COMMON}
    if args.dataset == HUMAN_DATA:
        if 'images' in options:
            options['video'] = options.pop('images')
        return options
    if args.dataset != 'egobody':  # the other readers have no such option
        options.pop('allow_partial')
    if args.dataset == '3dhp' and args.allow_partial:
        options['sequences'] = present_sequences(args.src)
    kind = _TYPES[args.dataset]
    return {'type': kind, 'keypoints': args.src, **options}


def main(argv: Sequence[str]) -> int:
    """Run ``semtta convert DATASET SRC DST``.

    Args:
        argv: Arguments, the data set's name first.

    Returns:
        Exit code 0.

    Raises:
        InputError: If the data set is not as published.
    """
    args = build_parser().parse_args(argv)
    console, config = make_console(), reader_config(args)
    if args.dataset == HUMAN_DATA:
        tracks = convert_human_data(args.src, args.dst, config, args.force)
        console.print(tracks_table(tracks))
    else:
        _, content = convert_dataset(
            TASK_UTILS.build(config), args.dst, args.allow_partial, args.force
        )
        console.print(dataset_table(content))
    console.print(f'written: {args.dst}')
    return 0
