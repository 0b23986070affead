"""Reads a config by path or by the name of one in the package."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..registry import LOOPS
from ..setup_env import register_all_modules
from ..utils import InputError


def find_config(name: str) -> Path:
    """A config of the package, in a checkout or in an installed wheel.

    Args:
        name: File name, e.g. ``'noadapt_hmr_pose2sim.py'``, with or without
            its suffix.

    Raises:
        InputError: If there is none of that name.
    """
    file = name if name.endswith('.py') else f'{name}.py'
    package = Path(__file__).parents[1]
    for folder in (package.parent / 'configs', package / '.mim' / 'configs'):
        if (folder / file).is_file():
            return folder / file
    fix = 'give its path, or the name of a file in configs/'
    raise InputError(name, 'config', 'is not in the package', fix)


def read_config(
    source: str | PathLike[str] | Config,
    changes: Mapping[str, Any] | None = None,
) -> Config:
    """A config with changes, after its modules are registered.

    Args:
        source: A config file, the name of one in the package (its file name
            without suffix, e.g. ``'semtta_hmr_demo'``), or a config, which
            is copied.
        changes: Dotted keys to values, as ``--cfg-options`` gives them.

    Raises:
        InputError: If it is missing, or uses an entry that its bases lack.
    """
    if isinstance(source, Config):
        cfg = copy.deepcopy(source)
    else:
        path = Path(source)
        if not path.is_file():
            if path.suffix or path.parent != Path():
                fix = 'name a file in configs/'
                raise InputError(path, 'file', 'does not exist', fix)
            path = find_config(path.name)
        cfg = _from_file(path)
    cfg.merge_from_dict(dict(changes or {}))
    register_all_modules()
    return cfg


def _from_file(path: Path) -> Config:
    try:
        return Config.fromfile(path)
    except KeyError as error:  # of {{_base_.NAME}}
        field, problem = f'_base_.{error.args[0]}', 'is in no base config'
        fix = 'write its value; hooks are changed by role, e.g. hooks.ema=None'
        raise InputError(path, field, problem, fix) from error


def check_adapts(cfg: Config) -> None:
    """Refuse a config that does not adapt.

    Args:
        cfg: The config.

    Raises:
        InputError: If its loop does not adapt to tracks.
    """
    name = cfg.get('train_cfg', {}).get('type')
    loop = None if name is None else LOOPS.get(name)
    if not getattr(loop, 'adapts_tracks', False):
        problem = f'{name} is no loop that adapts to tracks'
        fix = 'name a config that adapts, such as semtta_hmr_demo.py'
        raise InputError(
            cfg.filename or 'config', 'train_cfg.type', problem, fix
        )
    check_crop(cfg)


def check_crop(cfg: Config) -> None:
    """Refuse crops of another size than the network's.

    This is what a config with another network meets first, so the error names
    all that such a change needs.

    Args:
        cfg: The config.

    Raises:
        InputError: If both sizes are given and differ.
    """
    dataset = cfg.get('train_dataloader', {}).get('dataset', {})
    given = dataset.get('input_size')
    wanted = cfg.get('model', {}).get('estimator', {}).get('input_size')
    if None in (given, wanted) or given == wanted:
        return
    field = 'train_dataloader.dataset.input_size'
    problem = f'is {given}, but model.estimator.input_size is {wanted}'
    fix = (
        f'set {field}={wanted}; another network also needs '
        'model.weights=FILE of its own, or None to start without'
    )
    raise InputError(cfg.filename or 'config', field, problem, fix)
