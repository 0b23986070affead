"""Training by config."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config
from mmengine.runner import Runner, find_latest_checkpoint

from ..compat.scopes import open_bridge
from ..setup_env import register_all_modules
from ..utils import InputError
from .config import read_config


def training_config(
    path: Path,
    changes: Mapping[str, Any] | None = None,
    work_dir: Path | None = None,
    resume: bool = False,
    seed: int | None = None,
) -> Config:
    """A config of a training with the changes of one run.

    Args:
        path: A config file.
        changes: Dotted keys to values, or None.
        work_dir: Folder of the run; None takes the config's, else
            ``work_dirs/NAME_OF_CONFIG``.
        resume: Continue from the last checkpoint of that folder, if any.
        seed: None takes the config's.

    Raises:
        InputError: If it is missing or is no training config.
    """
    cfg = read_config(path, changes)
    if 'train_cfg' not in cfg:
        raise InputError(
            path,
            'train_cfg',
            'is absent',
            'name a config that trains, such as train_hmr_synthetic.py',
        )
    default = Path('work_dirs') / path.stem
    cfg.work_dir = str(work_dir or cfg.get('work_dir') or default)
    if resume and find_latest_checkpoint(cfg.work_dir):
        # mmengine would continue from load_from, the initial weights.
        cfg.resume, cfg.load_from = True, None
    if seed is not None:
        cfg.randomness = dict(seed=seed)
    return cfg


def train(cfg: Config) -> Runner:
    """Train by a config.

    Args:
        cfg: Of :func:`training_config`. With ``default_scope='mmpose'`` it
            is a config of mmpose's.

    Returns:
        The runner, after training.

    Raises:
        MissingDependencyError: If the package of the config's scope is not
            installed.
    """
    register_all_modules()
    open_bridge(cfg.get('default_scope') or '')
    runner = Runner.from_cfg(cfg)
    runner.train()
    return runner
