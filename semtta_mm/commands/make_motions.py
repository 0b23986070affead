"""``semtta make-motions``: motion sets of the three splits."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..models.bodies import SMPLBody
from ..synthetic.motions.library import (
    cmu_clips,
    cmu_subject_clips,
    kaykit_clips,
    open_clips,
)
from ..synthetic.motions.motion_set import write_motion_set
from ..synthetic.motions.procedural import SPLITS
from ..training_data import MotionClip
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.wide_table import WideTable


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta make-motions',
        description='Write labelled motions, one npz for each split.',
    )
    add = parser.add_argument
    add('--out', type=Path, required=True, help='folder of the npz files')
    add('--cmu', type=Path, help='CMU clips as exponential maps (npz)')
    add(
        '--cmu-asfamc',
        type=Path,
        metavar='FILE|FOLDER',
        help="CMU's subjects 01 to 03: .asf and .amc files, or a tar of them",
    )
    add(
        '--kaykit',
        type=Path,
        metavar='FOLDER',
        help="KayKit's .glb files; animations made by hand, not captured",
    )
    add('--seed', type=int, default=0, help='of the styles of generated clips')
    add('--per-label', type=int, default=8, help='styles of a generated label')
    return parser


def count_clips(clips: Sequence[MotionClip]) -> tuple[int, int, float]:
    """Clips, labels and minutes; unlabelled clips are counted."""
    minutes = sum(clip.seconds for clip in clips) / 60
    return len(clips), len({c.label for c in clips if c.labelled}), minutes


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    if args.per_label < 1:
        raise InputError(
            '--per-label', 'value', 'is below 1', 'give 1 or more'
        )
    rest = SMPLBody().joint_template.numpy()
    table = WideTable(['split'], ['clips', 'labels', 'minutes'])
    for split in SPLITS:
        # The given file first, so that a wrong path fails early.
        clips = cmu_clips(args.cmu, split, rest) if args.cmu else []
        if args.cmu_asfamc:
            clips += cmu_subject_clips(args.cmu_asfamc, split, rest)
        if args.kaykit:
            clips += kaykit_clips(args.kaykit, split, rest_joints=rest)
        clips += open_clips(split, args.seed, args.per_label, rest_joints=rest)
        write_motion_set(args.out / f'{split}.npz', clips)
        count, labels, minutes = count_clips(clips)
        table.add_row(split, str(count), str(labels), f'{minutes:.1f}')
    make_console().print(table)
    return 0
