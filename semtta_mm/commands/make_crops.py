"""``semtta make-crops``: synthetic training crops."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import cv2

from ..synthetic.crop_set import contact_sheet, source_clips
from ..synthetic.crop_shards import ShardJob, make_shards
from ..synthetic.motions.procedural import SPLITS
from ..synthetic.poses import PoseSampler
from ..synthetic.scene.panoramas import load_panoramas
from ..training_data import CropDataset, MotionClip
from ..utils import InputError
from ..utils.command import RESUME_BY_RERUN, one_line_errors
from ..utils.console import make_console
from ..utils.progress import with_progress
from .options import add_old_name


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta make-crops',
        description='Render synthetic training crops with exact labels.',
    )
    add = parser.add_argument
    add('--out', type=Path, required=True, help='folder of the data set')
    add('--count', type=int, default=20000, help='crops in all')
    add('--shard-size', type=int, default=1000, help='crops in a shard')
    add('--size', type=int, default=128, help='side of a crop, px')
    add('--seed', type=int, default=0)
    add('--workers', type=int, default=2, help='processes')
    add('--split', choices=SPLITS, default='train', help='motions to use')
    add(
        '--per-label', type=int, default=24, help='styles of a generated label'
    )
    add(
        '--real-backgrounds',
        action='store_true',
        help='panoramas of real places behind most bodies',
    )
    add(
        '--unmodified-poses',
        action='store_true',
        help='poses as in the motions, none mixed or with noise',
    )
    add(
        '--wide-views',
        type=float,
        default=0.0,
        help='share of views as wide as those of the training of the lifter',
    )
    add(
        '--without-labels',
        nargs='+',
        metavar='LABEL',
        default=(),
        help='labels whose motions are left out',
    )
    add('--cmu', type=Path, help='CMU clips as exponential maps (npz)')
    add_old_name(parser, '--places', '--real-backgrounds', nargs=0)
    add_old_name(parser, '--natural', '--unmodified-poses', nargs=0)
    return parser


def plan_shards(args: argparse.Namespace) -> list[ShardJob]:
    """Shards to make; the last may be smaller.

    Raises:
        InputError: If a number is below 1.
    """
    for name in ('count', 'shard_size', 'size', 'workers', 'per_label'):
        if getattr(args, name) < 1:
            option = f'--{name.replace("_", "-")}'
            raise InputError(option, 'value', 'is below 1', 'give 1 or more')
    if not 0 <= args.wide_views <= 1:
        raise InputError('--wide-views', 'value', 'is no share', 'give 0 to 1')
    starts = range(0, args.count, args.shard_size)
    return [
        ShardJob(
            folder=args.out,
            index=i,
            count=min(args.shard_size, args.count - start),
            seed=args.seed,
            size=args.size,
            places=args.real_backgrounds,
            wide_views=args.wide_views,
        )
        for i, start in enumerate(starts)
    ]


def without_labels(
    clips: Sequence[MotionClip], labels: Sequence[str]
) -> list[MotionClip]:
    """Clips of all other labels.

    Args:
        clips: The motions.
        labels: To leave out.

    Raises:
        InputError: If no clip has one of the labels, or none is left.
    """
    known = {clip.label for clip in clips}
    for label in labels:
        if label not in known:
            fix = f'choose among {", ".join(sorted(known))}'
            raise InputError('--without-labels', label, 'is unknown', fix)
    rest = [clip for clip in clips if clip.label not in labels]
    if not rest:
        raise InputError(
            '--without-labels', 'labels', 'are all labels', 'leave some'
        )
    return rest


@one_line_errors(on_interrupt=RESUME_BY_RERUN)
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    jobs = plan_shards(args)
    if args.real_backgrounds:
        load_panoramas()  # fetch once, before the workers start
    clips = source_clips(args.split, args.cmu, args.per_label, args.seed)
    clips = without_labels(clips, args.without_labels)
    sampler = PoseSampler(clips)
    if args.unmodified_poses:
        sampler = PoseSampler(clips, noisy=0.0, mixed=0.0)
    shards = make_shards(jobs, sampler, args.workers)
    for _ in with_progress(shards, 'shards', len(jobs)):
        pass
    dataset = CropDataset(args.out)
    sheet = args.out / 'sheet.png'
    cv2.imwrite(str(sheet), contact_sheet(dataset))
    make_console().print(f'{len(dataset)} crops, contact sheet: {sheet}')
    return 0
