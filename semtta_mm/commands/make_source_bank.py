"""``semtta make-source-bank``: labelled crops for BOA and DynaBOA."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..apis.config import read_config
from ..apis.source_bank import crops_to_bank, estimator_of
from ..datasets.source_bank import SourceBank, TrackSource, write_bank
from ..models.adaptors.online.source import clustered
from ..models.bodies import SMPLBody
from ..training_data import CropDataset
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console

_RATE = 50.0
"""Frames per second of Human3.6M."""


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta make-source-bank',
        description='Write a bank of labelled crops of the source domain, '
        'clustered by the features of a network.',
    )
    add = parser.add_argument
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument(
        '--crops', type=Path, help='folder of `semtta make-crops`'
    )
    source.add_argument(
        '--human-data', type=Path, help="HumanData npz, e.g. Human3.6M's"
    )
    add('--images', type=Path, help='folder of the images of --human-data')
    add('--fps', type=float, default=_RATE, help='of --human-data')
    add('--size', type=int, default=224, help='of its crops, px')
    add('--count', type=int, default=2000, help='crops to keep, at most')
    add('--clusters', type=int, default=50, help='0 writes no clusters')
    add(
        '--config',
        default='dynaboa_hmr_demo',
        help='config with the network whose features are clustered',
    )
    add('--seed', type=int, default=0)
    add('--out', type=Path, required=True, help='npz to write')
    return parser


def read_source(args: argparse.Namespace) -> SourceBank:
    """The crops, without clusters.

    Raises:
        InputError: If the source cannot be read.
    """
    if args.crops is not None:
        dataset = CropDataset(args.crops)
        return crops_to_bank(dataset, args.count, SMPLBody(), args.seed)
    if args.images is None:
        fix = 'give the folder that image_path in --human-data starts in'
        raise InputError('--images', 'folder', 'is not given', fix)
    reader = dict(
        type='HumanDataReader',
        keypoints=str(args.human_data),
        video=str(args.images),
        fps=args.fps,
    )
    return TrackSource(reader, args.count, args.size)()


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    for name, least in (('count', 1), ('clusters', 0), ('size', 1)):
        if getattr(args, name) < least:
            fix = f'give {least} or more'
            raise InputError(f'--{name}', 'value', 'is too small', fix)
    cfg = read_config(args.config)  # registers all readers too
    bank = read_source(args)
    if args.clusters:
        estimator = estimator_of(cfg, str(args.config))
        bank = clustered(bank, estimator, args.clusters, args.seed)
    path = write_bank(bank, args.out)
    count = 0 if bank.centres is None else len(bank.centres)
    size = path.stat().st_size / 1e6
    make_console().print(
        f'{path}: {len(bank)} crops, {count} clusters, {size:.1f} MB'
    )
    return 0
