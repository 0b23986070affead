"""``semtta train``: training by config."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..apis.train import train, training_config
from ..utils.command import RESUME_OPTION, one_line_errors
from .options import add_cfg_options


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command, named as in mmpose's tools."""
    parser = argparse.ArgumentParser(
        prog='semtta train', description='Train a network by a config.'
    )
    add = parser.add_argument
    add('config', type=Path)
    add('--work-dir', type=Path, help='default: work_dirs/NAME_OF_CONFIG')
    add(
        '--resume',
        action='store_true',
        help='continue from the last checkpoint',
    )
    add('--seed', type=int, help='default: that of the config')
    add_cfg_options(parser, 'train_cfg.max_epochs=3')
    return parser


@one_line_errors(on_interrupt=RESUME_OPTION)
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    cfg = training_config(
        args.config, args.cfg_options, args.work_dir, args.resume, args.seed
    )
    train(cfg)
    return 0
