"""Arguments of ``semtta adapt``, and their changes of a config."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path

from mmengine.config import Config

from ..apis.config import check_adapts, read_config
from ..apis.labels import labeler_config
from ..apis.missing_files import detects
from ..detection.video import CACHE_FOLDER
from ..export import check_formats
from ..utils import InputError
from ..visualization.views import check_views
from .export import add_save
from .frame_options import add_frame_options, frame_selection
from .options import add_cfg_options
from .people import add_person_option

TRACK_SUFFIX = '.npz'
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
        '--video', type=Path, help='a video, a folder of images or a track'
    )
    what.add_argument('--tracks', nargs='+', metavar='NAME', help='only these')
    add(
        '--list-people',
        action='store_true',
        help='find the people of the video, list them, then stop',
    )
    add('--work-dir', type=Path, help='default: work_dirs/NAME_OF_CONFIG')
    add('--resume', action='store_true', help='leave finished tracks out')
    add('--dry-run', action='store_true', help='check all files, then stop')
    add(
        '--launcher',
        choices=('none', 'pytorch', 'slurm', 'mpi'),
        default='none',
        help='several processes share the tracks, e.g. under torchrun',
    )
    # Older torchrun passes it; it is not used.
    add('--local_rank', '--local-rank', type=int, help=argparse.SUPPRESS)
    add_common_options(parser)
    return parser


def add_common_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that ``semtta adapt`` and ``semtta run`` share.

    Args:
        parser: Of the command. :func:`configured` reads the options.
    """
    add = parser.add_argument
    add('--epochs', type=int, help='default: that of the config')
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
    add_person_option(parser)
    add_save(parser)
    add(
        '--views',
        nargs='+',
        metavar='VIEW',
        help='videos of each person: before_after (default), evidence, '
        'before, overlay, side, top; panels joined by +: overlay+side+top',
    )
    add(
        '--focal-length',
        type=float,
        metavar='PX',
        help="of the camera, px; default: the image's diagonal",
    )
    add('--device', default='auto', help='auto (default), cpu or cuda')
    add_frame_options(parser)
    add_cfg_options(parser, 'train_cfg.max_epochs=3')


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
    if args.epochs is not None:
        cfg.train_cfg.max_epochs = checked_epochs(args.epochs)
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
    _use_frames(cfg, args)
    if args.focal_length is not None:
        cfg.train_dataloader.dataset.focal_length = args.focal_length
    if args.views is not None:
        _use_views(cfg, args.views)
    if args.tracks is not None:
        cfg.train_cfg.only = list(args.tracks)
    _use_labels(cfg, args)
    if args.save:
        check_formats(args.save)
        cfg.hooks = cfg.get('hooks') or {}
        cfg.hooks.export = dict(
            type='TrackExportHook', formats=args.save, world=args.world
        )
    # Again: they may change entries that the arguments above added.
    cfg.merge_from_dict(dict(args.cfg_options or {}))
    return cfg


def checked_epochs(value: int) -> int:
    """The number of epochs.

    Raises:
        InputError: If it is not positive.
    """
    if value < 1:
        raise InputError('--epochs', str(value), 'is too few', 'use 1 or more')
    return value


def _use_views(cfg: Config, views: list[str]) -> None:
    check_views(views)
    hooks = dict(cfg.get('hooks') or {})
    hook = hooks.get('video') or dict(type='TrackVideoHook')
    cfg.hooks = {**hooks, 'video': {**hook, 'views': list(views)}}


def _use_video(
    cfg: Config, video: Path, person: list[int] | None = None
) -> None:
    """The people of a video, or a track file, instead of the config's tracks.

    The rows of comparison are left out: they need a reference.
    """
    if not video.exists():
        fix = 'name a video file, a folder of images or a track file'
        raise InputError(video, 'file', 'does not exist', fix)
    dataset = cfg.train_dataloader.dataset
    dataset.pop('tracks', None)
    if video.suffix == TRACK_SUFFIX:
        dataset.reader = dict(type='NpzTrackReader', keypoints=str(video))
    else:
        dataset.reader = dict(
            type='PeopleReader',
            video=str(video),
            detector=cfg.get('detector') or dict(type='BlazePoseDetector'),
            folder=str(Path(cfg.work_dir) / CACHE_FOLDER),
            person=person,
        )
        if cfg.get('finder'):
            dataset.reader.finder = cfg.finder
    cfg.dataset_name = video.name
    cfg.train_cfg.labeler = labeler_config(
        default=cfg.train_cfg.get('labeler')
    )
    for name in _NO_REFERENCE:
        cfg[name] = None


def _use_frames(cfg: Config, args: argparse.Namespace) -> None:
    """The selected frames, of a video before detection, else of the tracks."""
    frames = frame_selection(args).config()
    dataset = cfg.train_dataloader.dataset
    reader = dataset.get('reader')
    if isinstance(reader, Mapping) and detects(reader):
        given = dict(fps=args.fps, frames=frames or None)
        dataset.reader = {
            **reader,
            **{k: v for k, v in given.items() if v is not None},
        }
        return
    if args.fps is not None:
        problem = 'is of no use: tracks have their own rate'
        raise InputError('--fps', f'{args.fps:g}', problem, 'leave it out')
    if frames:
        dataset.frames = frames


def _use_labels(cfg: Config, args: argparse.Namespace) -> None:
    vlm = None
    if args.vlm_url is not None or args.vlm_model is not None:
        folder = str(Path(cfg.work_dir) / 'vlm')
        vlm = dict(url=args.vlm_url, model=args.vlm_model, folder=folder)
    given = labeler_config(args.text, args.labels, vlm=vlm)
    if given is not None:
        cfg.train_cfg.labeler = given
