"""``semtta eval-labels``: how often labels by the motion are right."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from mmengine.config import Config
from torch import Tensor

from ..apis.adapt import init_adaptor
from ..apis.config import read_config
from ..datasets import TrackDataset, TrackFrames
from ..engine.hooks import MotionLabelHook
from ..geometry import axis_angle_to_matrix
from ..labeling import TestSetLabeler
from ..models.adaptors import BaseAdaptor
from ..models.motion_text import normalise
from ..registry import DATASETS, HOOKS
from ..setup_env import register_all_modules
from ..utils import InputError
from ..utils.command import one_line_errors
from ..utils.console import make_console
from ..utils.environment import environment
from ..utils.progress import make_progress
from .label_tables import Sample, label_tables
from .options import add_cfg_options
from .report import write_report

_MOTIONS = ('prediction', 'lifted', 'true')
_VARIANTS = ('none', 'lower_body', 'block')


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta eval-labels',
        description='Compare the labels of MotionLabelHook with the true '
        'ones of test sets, for each source of the motion.',
    )
    add = parser.add_argument
    add('config', type=Path, help='of an adaptation with the hook')
    add('folders', type=Path, nargs='+', metavar='FOLDER', help='test sets')
    add('--variants', nargs='+', default=_VARIANTS, help='of the test sets')
    add(
        '--motions',
        nargs='+',
        choices=_MOTIONS,
        default=_MOTIONS,
        metavar='MOTION',
        help=f'of {", ".join(_MOTIONS)}; default: all',
    )
    add('--out', type=Path, required=True, help='json to write')
    add_cfg_options(parser)
    return parser


def hook_of(cfg: Config) -> MotionLabelHook:
    """The hook of a config.

    Raises:
        InputError: If it has none.
    """
    for config in (cfg.get('hooks') or {}).values():
        if config and str(config['type']).endswith('MotionLabelHook'):
            hook: MotionLabelHook = HOOKS.build(config)
            return hook
    fix = 'name configs/ablation/2d_smooth_lifter_motion_labels.py'
    raise InputError('config', 'hooks', 'has no MotionLabelHook', fix)


def track_samples(
    frames: TrackFrames,
    adaptor: BaseAdaptor,
    hook: MotionLabelHook,
    motions: Sequence[str],
    label: str,
    variant: str,
) -> Iterator[Sample]:
    """Labels of one track by each motion.

    Args:
        frames: The track.
        adaptor: The un-adapted method.
        hook: Labels it.
        motions: Sources.
        label: The true one.
        variant: Of the test set.
    """
    session = adaptor.begin(frames)
    session.prediction = adaptor.predict_track()
    labeler = hook.labeler(adaptor)
    words = labeler.words.labels
    for name in motions:
        pose = _motion(frames, adaptor, hook, name)
        for _, confidence in labeler.confidences(frames.track, pose):
            values, rows = confidence.topk(3)
            best = tuple(words[row] for row in rows.tolist())
            every = dict(zip(words, confidence.tolist(), strict=True))
            yield Sample(
                name,
                variant,
                frames.name,
                label,
                best,
                float(values[0]),
                every,
            )


def _motion(
    frames: TrackFrames,
    adaptor: BaseAdaptor,
    hook: MotionLabelHook,
    name: str,
) -> Tensor:
    if name != 'true':
        return hook.motion(adaptor, name)
    reference = frames.track.reference
    if reference is None or reference.pose is None:
        problem = 'has no true rotations'
        raise InputError(frames.name, 'reference', problem, 'leave out true')
    return axis_angle_to_matrix(torch.as_tensor(reference.pose).float())


def evaluate(args: argparse.Namespace) -> tuple[list[Sample], float]:
    """Label all tracks of the test sets.

    Args:
        args: Of :func:`build_parser`.

    Returns:
        The labels, and the hook's threshold.

    Raises:
        InputError: If a file is missing or wrong.
    """
    cfg = read_config(args.config, args.cfg_options)
    adaptor, hook = init_adaptor(cfg), hook_of(cfg)
    samples: list[Sample] = []
    with make_progress(make_console()) as bar:
        task = bar.add_task('tracks', total=None, details='')
        for folder in args.folders:
            right = TestSetLabeler(folder)
            for variant in args.variants:
                tracks = _tracks(cfg, folder, variant)
                for number in range(len(tracks)):
                    with tracks[number] as frames:
                        label = normalise(right(frames.track)[0].text)
                        samples += track_samples(
                            frames, adaptor, hook, args.motions, label, variant
                        )
                    bar.update(task, advance=1)
    return samples, hook.threshold


def _tracks(cfg: Config, folder: Path, variant: str) -> TrackDataset:
    config = dict(cfg.train_dataloader.dataset)
    config['reader'] = dict(
        type='TestSetReader', folder=str(folder), variants=(variant,)
    )
    tracks: TrackDataset = DATASETS.build(config)
    return tracks


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    report, shown = label_tables(*evaluate(args))
    report |= {'config': args.config.name, 'environment': environment()}
    write_report(args.out, report, shown)
    return 0
