"""``semtta extract-features``: inputs of a head, to train it on."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from ..apis.config import read_config
from ..apis.extract_features import extract_features
from ..checkpoints.shipped import shipped_weights
from ..checkpoints.weights import load_weights
from ..models.trainers import HMRTrainer
from ..registry import MODELS
from ..setup_env import register_all_modules
from ..training_data import CropDataset
from ..utils import InputError
from ..utils.command import one_line_errors


def build_parser() -> argparse.ArgumentParser:
    """Arguments of the command."""
    parser = argparse.ArgumentParser(
        prog='semtta extract-features',
        description='Run a network up to its head on crops, and write the '
        'features.',
    )
    add = parser.add_argument
    add('config', type=Path, help='config that trained the network')
    add('checkpoint', help='shipped name or checkpoint of that training')
    add('--crops', type=Path, required=True, help='folder of the crops')
    add('--out', type=Path, required=True, help='folder of the result')
    add('--mirrored', action='store_true', help='mirror every crop')
    return parser


def load_trainer(config: Path, checkpoint: str) -> HMRTrainer:
    """The trained network of a config.

    Args:
        config: Config of the training.
        checkpoint: Shipped name or checkpoint of that training.

    Raises:
        InputError: If a file is missing or does not fit, or the config
            trains another kind of network.
    """
    cfg = read_config(config, None)
    kind = MODELS.get(cfg.model.type) if 'model' in cfg else None
    if kind is None or not issubclass(kind, HMRTrainer):
        fix = 'name a config such as train_hmr_synthetic.py'
        raise InputError(config, 'model.type', 'is no HMRTrainer', fix)
    # The checkpoint contains these weights.
    cfg.model.estimator.backbone_weights = None
    cfg.model.estimator.neck.finder.weights = None
    trainer = MODELS.build(cfg.model)
    # Weights that ship are those of the network alone.
    prefix = '' if checkpoint in shipped_weights() else 'estimator.'
    load_weights(trainer.estimator, checkpoint, prefix)
    return trainer


@one_line_errors
def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; see :func:`.one_line_errors`."""
    args = build_parser().parse_args(argv)
    register_all_modules()
    trainer = load_trainer(args.config, args.checkpoint)
    dataset = CropDataset(args.crops, 1.0 if args.mirrored else 0.0)
    extract_features(trainer, dataset, args.out)
    return 0
