"""Arguments of ``semtta adapt``, and their changes of a config."""

from __future__ import annotations

import argparse
from pathlib import Path

from mmengine.config import Config

from ..apis.config import check_adapts, read_config
from ..apis.labels import labeler_config
from ..detection.video import CACHE_FOLDER
from ..utils import InputError
from .options import add_cfg_options
from .people import add_person_option

_NO_REFERENCE = ('monocular', 'baselines', 'other_metrics')


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command, named as in mmpose's tools."""
    parser = argparse.ArgumentParser(
        prog='semtta adapt', description='Adapt a mesh network to each track.'
    )
    add = parser.add_argument
    add('config', type=Path, help='a file, or a name in configs/')
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        '--video', type=Path, help='adapt to the people in this video'
    )
    what.add_argument('--tracks', nargs='+', metavar='NAME', help='only these')
    add_person_option(parser)
    add(
        '--list-people',
        action='store_true',
        help='find the people of the video, list them, then stop',
    )
    add('--work-dir', type=Path, help='default: work_dirs/NAME_OF_CONFIG')
    add('--resume', action='store_true', help='leave finished tracks out')
    add('--dry-run', action='store_true', help='check all files, then stop')
    add('--seed', type=int, help='default: that of the config')
    labels = parser.add_mutually_exclusive_group()
    labels.add_argument('--text', help='the action in all frames')
    labels.add_argument('--labels', type=Path, help='labels.json or a folder')
    add(
        '--vlm-url',
        metavar='URL',
        help='OpenAI-compatible server that reads the action from images of '
        'the person, which are sent there; key: OPENAI_API_KEY',
    )
    add('--vlm-model', metavar='NAME', help='its model')
    add('--device', default='auto', help='auto (default), cpu or cuda')
    add(
        '--launcher',
        choices=('none', 'pytorch', 'slurm', 'mpi'),
        default='none',
        help='several processes share the tracks, e.g. under torchrun',
    )
    # Older torchrun passes it; it is not used.
    add('--local_rank', '--local-rank', type=int, help=argparse.SUPPRESS)
    add_cfg_options(parser, 'train_cfg.max_epochs=3')
    return parser


def configured(args: argparse.Namespace) -> Config:
    """The config with the command line's changes.

    Args:
        args: Of :func:`build_parser`.

    Raises:
        InputError: If it is missing, or is no config of an adaptation.
    """
    cfg = read_config(args.config, args.cfg_options)
    check_adapts(cfg)
    default = Path('work_dirs') / args.config.stem
    if args.video is not None:
        default = default.with_name(f'{default.name}_{args.video.stem}')
    cfg.work_dir = str(args.work_dir or default)
    cfg.train_cfg.resume = args.resume
    cfg.device = args.device
    if args.seed is not None:
        cfg.randomness = dict(seed=args.seed)
        cfg.train_cfg.seed = args.seed
    cfg.launcher = args.launcher
    if args.video is not None:
        _use_video(cfg, args.video, args.person)
    elif args.person is not None or args.list_people:
        option = '--list-people' if args.list_people else '--person'
        fix = 'use it with --video'
        raise InputError(option, 'value', 'is of no use: no video', fix)
    if args.tracks is not None:
        cfg.train_cfg.only = list(args.tracks)
    _use_labels(cfg, args)
    # Again: they may change entries that the arguments above added.
    cfg.merge_from_dict(dict(args.cfg_options or {}))
    return cfg


def _use_video(
    cfg: Config, video: Path, person: list[int] | None = None
) -> None:
    """The people of a video instead of the config's tracks.

    The rows of comparison are left out: they need a reference.
    """
    if not video.exists():
        fix = 'name a video file or a folder of images'
        raise InputError(video, 'file', 'does not exist', fix)
    detector = cfg.get('detector') or dict(type='BlazePoseDetector')
    dataset = cfg.train_dataloader.dataset
    dataset.pop('tracks', None)
    dataset.reader = dict(
        type='PeopleReader',
        video=str(video),
        detector=detector,
        folder=str(Path(cfg.work_dir) / CACHE_FOLDER),
        person=person,
    )
    cfg.dataset_name = video.name
    cfg.train_cfg.labeler = labeler_config(
        default=cfg.train_cfg.get('labeler')
    )
    for name in _NO_REFERENCE:
        cfg[name] = None


def _use_labels(cfg: Config, args: argparse.Namespace) -> None:
    vlm = None
    if args.vlm_url is not None or args.vlm_model is not None:
        folder = str(Path(cfg.work_dir) / 'vlm')
        vlm = dict(url=args.vlm_url, model=args.vlm_model, folder=folder)
    given = labeler_config(args.text, args.labels, vlm=vlm)
    if given is not None:
        cfg.train_cfg.labeler = given
