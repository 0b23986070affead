"""Descriptions of crops for a head: what ``tools/describe_crops.py`` runs."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..checkpoints.weights import load_weights
from ..models.trainers import HMRTrainer
from ..registry import MODELS
from ..setup_env import register_all_modules
from ..synthetic.crop_shards import CropDataset
from ..synthetic.descriptions import describe_crops
from ..utils.command import one_line_errors
from .config import read_config


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='describe_crops',
        description='Run all but the head of a network over crops, once.',
    )
    add = parser.add_argument
    add('config', type=Path, help='of the training, its model is built')
    add('checkpoint', help='shipped name or checkpoint of that training')
    add('--crops', type=Path, required=True, help='folder of the crops')
    add('--out', type=Path, required=True, help='folder of the result')
    add('--mirrored', action='store_true', help='every crop in a mirror')
    return parser


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Args:
        argv: Arguments; None takes those of the process.

    Returns:
        Exit code: 0, or 2 with one line on stderr if the input is bad.
    """
    args = build_parser().parse_args(argv)
    cfg = read_config(args.config, None)
    register_all_modules()
    cfg.model.estimator.backbone_weights = None
    cfg.model.estimator.neck.finder.weights = None
    trainer = MODELS.build(cfg.model)
    assert isinstance(trainer, HMRTrainer)
    load_weights(trainer.estimator, args.checkpoint, 'estimator.')
    dataset = CropDataset(args.crops, 1.0 if args.mirrored else 0.0)
    describe_crops(trainer, dataset, args.out)
    return 0
