"""``semtta eval-labels``: how often labels by the motion are right."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

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
from ..utils.wide_table import WideTable
from .options import add_cfg_options
from .report import write_report

THRESHOLDS = (0.0, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
_MOTIONS = ('prediction', 'lifted', 'true')
_VARIANTS = ('none', 'lower_body', 'block')


class Sample(NamedTuple):
    """The labels of one span.

    Attributes:
        motion: ``'prediction'``, ``'lifted'`` or ``'true'``.
        variant: Of the test set.
        track: Name of the track.
        label: The true label.
        best: The three most probable labels.
        confidence: Of the first.
    """

    motion: str
    variant: str
    track: str
    label: str
    best: tuple[str, ...]
    confidence: float

    @property
    def right(self) -> bool:
        """Whether the first label is the true one."""
        return self.best[0] == self.label


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
            yield Sample(
                name, variant, frames.name, label, best, float(values[0])
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


def accuracy(samples: Sequence[Sample], threshold: float) -> dict[str, Any]:
    """Shares of right labels.

    Args:
        samples: At least one.
        threshold: Least confidence of a known label.

    Returns:
        ``spans``, their number; ``top1`` and ``top3``, without threshold;
        ``coverage``, the share that is known; ``precision``, the share of
        right ones among the known, None if none is known.
    """
    count = len(samples)
    known = [s for s in samples if s.confidence >= threshold]
    right = sum(s.right for s in known)
    return {
        'spans': count,
        'top1': sum(s.right for s in samples) / count,
        'top3': sum(s.label in s.best for s in samples) / count,
        'coverage': len(known) / count,
        'precision': right / len(known) if known else None,
    }


def tables(
    samples: Sequence[Sample], threshold: float
) -> tuple[dict[str, Any], list[WideTable]]:
    """The report and its tables.

    Args:
        samples: Of :func:`evaluate`.
        threshold: Of the hook.
    """
    report: dict[str, Any] = {
        'threshold': threshold,
        'samples': [s._asdict() for s in samples],
        'variants': {},
    }
    heads = ['spans', 'top 1, %', 'top 3, %', 'known, %', 'right of known, %']
    first = WideTable(
        ['motion', 'variant'], heads, title=f'labels, threshold {threshold:g}'
    )
    for motion, variant in dict.fromkeys(
        (s.motion, s.variant) for s in samples
    ):
        part = [s for s in samples if s[:2] == (motion, variant)]
        found = accuracy(part, threshold)
        report['variants'].setdefault(motion, {})[variant] = found
        first.add_row(motion, variant, *_cells(found))
    second = WideTable(
        ['motion', 'threshold'], heads[3:], title='all variants'
    )
    for motion in dict.fromkeys(s.motion for s in samples):
        part = [s for s in samples if s.motion == motion]
        for value in THRESHOLDS:
            found = accuracy(part, value)
            report.setdefault('thresholds', []).append(
                {'motion': motion, 'threshold': value, **found}
            )
            second.add_row(motion, f'{value:g}', *_cells(found)[3:])
    return report, [first, second]


def _cells(found: Mapping[str, Any]) -> list[str]:
    shares = [found[k] for k in ('top1', 'top3', 'coverage', 'precision')]
    cells = ['–' if v is None else f'{100 * v:.0f}' for v in shares]
    return [str(found['spans']), *cells]


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    report, shown = tables(*evaluate(args))
    report |= {'config': args.config.name, 'environment': environment()}
    write_report(args.out, report, shown)
    return 0
