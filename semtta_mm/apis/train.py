"""Training by config: what ``tools/train.py`` runs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from mmengine.config import Config, DictAction
from mmengine.runner import Runner, find_latest_checkpoint

from ..setup_env import register_all_modules
from ..utils import InputError
from ..utils.command import one_line_errors
from .config import read_config


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command, in the habits of mmpose's."""
    parser = argparse.ArgumentParser(
        prog='train', description='Train by a config.'
    )
    add = parser.add_argument
    add('config', type=Path)
    add('--work-dir', type=Path, help='default: work_dirs/NAME_OF_CONFIG')
    add('--resume', action='store_true', help='go on from the last checkpoint')
    add('--seed', type=int, help='default: that of the config')
    add(
        '--cfg-options',
        nargs='+',
        action=DictAction,
        metavar='KEY=VALUE',
        help='change entries of the config, e.g. train_cfg.max_epochs=3',
    )
    return parser


def load_config(args: argparse.Namespace) -> Config:
    """The config with the command line's changes.

    Raises:
        InputError: If it is missing or cannot be read.
    """
    cfg = read_config(args.config, args.cfg_options)
    if 'train_cfg' not in cfg:
        raise InputError(
            args.config,
            'train_cfg',
            'is absent',
            'name a config that trains, such as train_hmr_synthetic.py',
        )
    default = Path('work_dirs') / args.config.stem
    cfg.work_dir = str(args.work_dir or cfg.get('work_dir') or default)
    if args.resume and find_latest_checkpoint(cfg.work_dir):
        # mmengine would go on from load_from, where this training began.
        cfg.resume, cfg.load_from = True, None
    if args.seed is not None:
        cfg.randomness = dict(seed=args.seed)
    return cfg


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if the input is bad.
    """
    cfg = load_config(build_parser().parse_args(argv))
    register_all_modules()
    Runner.from_cfg(cfg).train()
    return 0
