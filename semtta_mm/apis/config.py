"""Reading a config for a command."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmengine.config import Config

from ..utils import InputError


def find_config(name: str) -> Path:
    """A config that ships, in a checkout or in an installed wheel.

    Args:
        name: File name, e.g. ``'noadapt_hmr_pose2sim.py'``.

    Raises:
        InputError: If there is none of that name.
    """
    package = Path(__file__).parents[1]
    for folder in (package.parent / 'configs', package / '.mim' / 'configs'):
        if (folder / name).is_file():
            return folder / name
    raise InputError(name, 'config', 'does not ship', 'give its path')


def read_config(path: Path, changes: Mapping[str, Any] | None) -> Config:
    """The config with the command line's changes.

    Args:
        path: A config file.
        changes: Dotted keys to values, as ``--cfg-options`` gives them.

    Raises:
        InputError: If it is missing.
    """
    if not path.is_file():
        raise InputError(
            path, 'file', 'does not exist', 'name a file in configs/'
        )
    cfg = Config.fromfile(path)
    cfg.merge_from_dict(dict(changes or {}))
    return cfg
