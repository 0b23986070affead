"""Synthetic training crops: what ``tools/make_crops.py`` runs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from rich.progress import track as progress

from ..models.bodies import SMPLBody
from ..synthetic.crop_shards import CropDataset, ShardJob, make_shards
from ..synthetic.motions import MotionClip
from ..synthetic.motions.library import cmu_clips, open_clips
from ..synthetic.motions.procedural import SPLITS, Split
from ..synthetic.poses import PoseSampler
from ..synthetic.scene.panoramas import load_panoramas
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console

RATE = 10.0
"""Frames per second of the motions that poses are drawn from."""

SHEET = (6, 12)
"""Rows and columns of the contact sheet."""


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='make_crops', description='Render crops with exact labels.'
    )
    add = parser.add_argument
    add('--out', type=Path, required=True, help='folder of the data set')
    add('--count', type=int, default=20000, help='crops in all')
    add('--shard-size', type=int, default=1000, help='crops in a shard')
    add('--size', type=int, default=128, help='side of a crop, px')
    add('--seed', type=int, default=0)
    add('--workers', type=int, default=2, help='processes')
    add('--split', choices=SPLITS, default='train', help='motions to use')
    add('--per-label', type=int, default=24, help='styles of a made label')
    add('--places', action='store_true', help='real places behind most')
    add('--natural', action='store_true', help='no mixed or noisy poses')
    add('--cmu', type=Path, help='CMU clips as exponential maps (npz)')
    return parser


def source_clips(
    split: Split, cmu: Path | None, per_label: int, seed: int
) -> list[MotionClip]:
    """Open clips of a split, and CMU's if they are given.

    Args:
        split: Which motions.
        cmu: The npz, or None.
        per_label: Performances of each open label.
        seed: Of their styles.

    Raises:
        InputError: If a file cannot be fetched or read.
    """
    rest = SMPLBody().joint_template.numpy()
    clips = open_clips(split, seed, per_label, rest_joints=rest)
    if cmu is not None:
        clips += cmu_clips(cmu, split, rest)
    # Single frames are drawn; neighbours in time hold nothing new.
    return [clip.resampled(RATE) for clip in clips]


def plan(args: argparse.Namespace) -> list[ShardJob]:
    """Shards to make; the last may be smaller.

    Raises:
        InputError: If a number makes no sense.
    """
    for name in ('count', 'shard_size', 'size', 'workers', 'per_label'):
        if getattr(args, name) < 1:
            option = f'--{name.replace("_", "-")}'
            raise InputError(option, 'value', 'is below 1', 'give 1 or more')
    starts = range(0, args.count, args.shard_size)
    return [
        ShardJob(
            folder=args.out,
            index=i,
            count=min(args.shard_size, args.count - start),
            seed=args.seed,
            size=args.size,
            places=args.places,
        )
        for i, start in enumerate(starts)
    ]


def contact_sheet(dataset: CropDataset) -> np.ndarray:
    """Crops spread over the data set, BGR uint8."""
    rows, columns = SHEET
    at = np.linspace(0, len(dataset) - 1, rows * columns).astype(int)
    images = [dataset[int(i)]['image'].permute(1, 2, 0).numpy() for i in at]
    lines = [
        np.concatenate(images[r * columns : (r + 1) * columns], axis=1)
        for r in range(rows)
    ]
    return np.concatenate(lines)[..., ::-1]


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if the input is bad.
    """
    args = build_parser().parse_args(argv)
    jobs = plan(args)
    console = make_console(stderr=True)
    if args.places:
        load_panoramas()  # fetch before workers race for it
    clips = source_clips(args.split, args.cmu, args.per_label, args.seed)
    sampler = PoseSampler(clips)
    if args.natural:
        sampler = PoseSampler(clips, noisy=0.0, mixed=0.0)
    shards = make_shards(jobs, sampler, args.workers)
    for _ in progress(
        shards,
        'shards',
        len(jobs),
        console=console,
        disable=not console.is_terminal,
    ):
        pass
    dataset = CropDataset(args.out)
    sheet = args.out / 'sheet.png'
    cv2.imwrite(str(sheet), contact_sheet(dataset))
    make_console().print(f'{len(dataset)} crops, look at {sheet}')
    return 0
